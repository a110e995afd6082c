package saas

import (
	"fmt"
	"strconv"
	"time"
)

const (
	secondLayout  = "20060102150405"
	stampDigits   = len("yyyyMMddHHmmssSSS")
	secondsDigits = len(secondLayout)
)

// FormatTimeStamp writes the V1 parameter timeStamp: UTC, yyyyMMddHHmmssSSS, 17 digits.
func FormatTimeStamp(t time.Time) string {
	t = t.UTC()
	return t.Format(secondLayout) + fmt.Sprintf("%03d", t.Nanosecond()/int(time.Millisecond))
}

// ParseTimeStamp reads yyyyMMddHHmmssSSS as UTC. It reads statisticalTime of a usage record as well.
func ParseTimeStamp(s string) (time.Time, error) {
	if len(s) != stampDigits {
		return time.Time{}, fmt.Errorf("time stamp %q: want %d digits", s, stampDigits)
	}
	t, err := time.ParseInLocation(secondLayout+".000", s[:secondsDigits]+"."+s[secondsDigits:], time.UTC)
	if err != nil {
		return time.Time{}, fmt.Errorf("time stamp %q: %w", s, err)
	}
	return t, nil
}

// FormatExpireTime writes expireTime, yyyyMMddHHmmss, in the given zone: the installation's business time zone for V1,
// UTC for V2 (saas.md §6.1, §7.3).
func FormatExpireTime(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(secondLayout)
}

// ParseExpireTime reads expireTime in the given zone. Besides the 14 documented digits it takes the 17 that one example
// of the V2 renewal carries and drops the milliseconds.
func ParseExpireTime(s string, zone *time.Location) (time.Time, error) {
	if len(s) == stampDigits {
		s = s[:secondsDigits]
	}
	t, err := time.ParseInLocation(secondLayout, s, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("expire time %q: %w", s, err)
	}
	return t, nil
}

// FormatMillis writes the V2 query parameter timestamp: UNIX time in milliseconds, 13 digits (saas.md §5.1).
func FormatMillis(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }
