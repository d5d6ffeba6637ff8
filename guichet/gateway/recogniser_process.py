"""The recogniser process with our logs: nothing that it meets may print what a citizen has said."""

import os
import sys

from guichet.gateway import logs
from guichet.gateway.settings import Settings, load
from guichet.transcripts import engine_process
from guichet.transcripts.vosk_recogniser import VoskRecogniser


def recogniser_of(settings: Settings) -> VoskRecogniser:
    """Return the recogniser of the settings, not started; its process is this module's."""
    threads = settings.decoders or os.cpu_count() or 1
    module = "guichet.gateway.recogniser_process"

    def command(descriptor: int) -> tuple[str, ...]:
        return (sys.executable, "-P", "-m", module, str(descriptor), str(settings.models_dir), str(threads))

    return VoskRecogniser(settings.models_dir, threads=threads, command=command)


def main() -> None:
    """Run the process."""
    logs.set_up(load().log_level)
    logs.catch_the_rest()
    engine_process.main()


if __name__ == "__main__":
    main()
