"""A one-way media stream: what the person says goes to the gateway while the call does other things."""

from guichet.carrier.simulator.frames import FRAME, Frames
from guichet.carrier.simulator.media_socket import MediaSocket

_CATCH_UP_SECONDS = 10.0


class Listener:
    """Feeds one socket; a gateway that closes it is no longer fed."""

    def __init__(self, socket: MediaSocket, frames: Frames) -> None:
        self._socket = socket
        self._frames = frames
        self._rest = b""
        socket.listen(lambda _: None)

    async def hear(self, audio: bytes) -> None:
        """Send µ-law in frames; waits for a gateway that reads slowly."""
        sound = self._rest + audio
        whole = len(sound) - len(sound) % FRAME
        self._rest = sound[whole:]
        for start in range(0, whole, FRAME):
            if not await self._socket.send(self._frames.media(sound[start : start + FRAME])):
                return
        await self._socket.catch_up(_CATCH_UP_SECONDS)

    async def close(self) -> None:
        """Send `stop` and close."""
        await self._socket.send(self._frames.stop())
        await self._socket.close()
