"""Moments as people read them, in the counter's time zone and the visitor's language. Pure."""

from datetime import date, datetime, timedelta, tzinfo

from markupsafe import Markup

from guichet.console.wording import Wording


class Moments:
    """Writes moments for one page."""

    def __init__(self, words: Wording, zone: tzinfo, now: datetime) -> None:
        self._words = words
        self._zone = zone
        self._now = now

    def when(self, moment: datetime) -> Markup:
        """Write a moment: `10:42` today, `3 mars 10:42` this year, with the year before that."""
        local = moment.astimezone(self._zone)
        return Markup('<time datetime="{}">{}</time>').format(local.isoformat(timespec="seconds"), self.text(moment))

    def text(self, moment: datetime) -> str:
        """Write a moment as `when` does, without its mark-up."""
        local, today = moment.astimezone(self._zone), self._now.astimezone(self._zone)
        text = f"{local:%H:%M}"
        return text if local.date() == today.date() else f"{self.day(local.date())} {text}"

    def day(self, day: date) -> str:
        """Write a day: `3 mars`, with its year if it is another."""
        written = self._words("day", day=day.day, month=self._words(f"month.{day.month}"))
        return written if day.year == self._now.astimezone(self._zone).year else f"{written} {day.year}"

    def whole(self, moment: datetime) -> str:
        """Write a moment with its day and year, for pages that are read later: `3 mars 2026, 10:42`."""
        local = moment.astimezone(self._zone)
        return f"{self.dated(local.date())}, {local:%H:%M}"

    def dated(self, day: date) -> str:
        """Write a day with its year."""
        return f"{self._words('day', day=day.day, month=self._words(f'month.{day.month}'))} {day.year}"

    def today(self) -> date:
        """Return today where the counter is."""
        return self._now.astimezone(self._zone).date()

    def since(self, moment: datetime) -> str:
        """Write how long ago something was: `42 s`, `5 min`, `2 h 05`, `3 j`."""
        return self.lasting(self._now - moment)

    def lasting(self, span: timedelta) -> str:
        """Write how long something takes."""
        seconds = max(0, int(span.total_seconds()))
        if seconds < 60:
            return f"{seconds} s"
        if seconds < 3600:
            return f"{seconds // 60} min"
        if seconds < 48 * 3600:
            return f"{seconds // 3600} h {seconds % 3600 // 60:02}"
        return self._words("days", count=seconds // 86400)

    def clock(self, seconds: float) -> str:
        """Write a place in a recording: `1:05`."""
        return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
