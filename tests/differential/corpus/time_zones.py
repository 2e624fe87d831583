"""Time zones."""

import datetime
import os
import time
import zoneinfo

for zone in ("UTC", "EST5EDT,M3.2.0,M11.1.0", "MSK-3"):
    os.environ["TZ"] = zone
    time.tzset()
    print(time.tzname, time.timezone, time.daylight, time.strftime("%Y-%m-%d %H:%M %Z", time.localtime(1_700_000_000)))
    print(datetime.datetime.fromtimestamp(0).isoformat(), time.mktime((2024, 7, 1, 12, 0, 0, 0, 0, -1)))
print(datetime.datetime(2024, 2, 29, tzinfo=datetime.UTC) + datetime.timedelta(days=366))
try:
    zoneinfo.ZoneInfo("No/Such")
except zoneinfo.ZoneInfoNotFoundError as error:
    print(type(error).__name__)
