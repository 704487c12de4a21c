"""Acting at other moments than now: what happened in the demonstration happened on its days."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from app import clock
from app.jobs import worker

AWAKE = timedelta(hours=12)


class Timeline:
    """Moments counted in days from the day of loading. `reach` sets the clock to one of them."""

    def __init__(self, now: datetime, time_zone: str) -> None:
        self.now = now
        self._zone = ZoneInfo(time_zone)
        self._today = now.astimezone(self._zone).date()

    @property
    def year(self) -> int:
        return self._today.year

    def moment(self, days: float, *, hour: int = 10) -> datetime:
        """Return an hour of a day; parts of a day shift it, within the hours people are awake."""
        whole = timedelta(days=int(days // 1))
        start = datetime.combine(self._today + whole, time(hour), self._zone)
        return start + AWAKE * (days % 1)

    def reach(self, moment: datetime) -> None:
        """Set the clock to a moment of the past and do the jobs that were due by then."""
        reached = min(moment, self.now)
        clock.use(lambda: reached)
        while worker.run_due():
            pass
