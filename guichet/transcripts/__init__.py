"""From audio to words and values: recogniser port, Vosk engine, models, spoken data, transcript store."""
