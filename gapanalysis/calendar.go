package gapanalysis

import (
	"slices"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
)

// DateRange is some days on which nobody studies, both ends among them, as YYYY-MM-DD.
type DateRange struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Bounds on the weeks off of a plan.
const (
	maxOffItems = 60
	maxOffDays  = 3 * 366 // of all ranges together
)

// ParseWeeksOff reads a list such as 2026-12-21,2027-01-04..2027-01-11: a day stands for the week from Monday to Sunday that it is in, and two
// days with dots between them for the days from the one to the other, both among them. Ranges that meet become one. The error is fault.Invalid.
func ParseWeeksOff(list string) ([]DateRange, error) {
	var spans []span
	items := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	if len(items) > maxOffItems {
		return nil, fault.Newf(fault.Invalid, "too-many-weeks-off", "At most %d weeks or ranges can be off.", maxOffItems).In("weeks_off")
	}
	for _, item := range items {
		from, to, ranged := strings.Cut(item, "..")
		a, err := time.Parse(time.DateOnly, from)
		b := a
		if err == nil && ranged {
			b, err = time.Parse(time.DateOnly, to)
		}
		if err != nil || b.Before(a) || a.Year() < 2000 || b.Year() > 2200 {
			return nil, fault.Newf(fault.Invalid, "invalid-weeks-off",
				"weeks_off is a list of weeks, by their Monday, and of ranges of dates, like 2026-12-21,2027-01-04..2027-01-11; %.40q is neither.", item).In("weeks_off")
		}
		if !ranged {
			a = a.AddDate(0, 0, -((int(a.Weekday()) + 6) % 7))
			b = a.AddDate(0, 0, 6)
		}
		spans = append(spans, span{dayNumber(a), dayNumber(b) + 1})
	}
	spans = merge(spans)
	out, days := make([]DateRange, len(spans)), 0
	for i, s := range spans {
		out[i] = DateRange{From: dateOf(s.from), To: dateOf(s.to - 1)}
		days += s.to - s.from
	}
	if days > maxOffDays {
		return nil, fault.Newf(fault.Invalid, "too-many-weeks-off", "At most %d days can be off.", maxOffDays).In("weeks_off")
	}
	return out, nil
}

// span is some days, counted from 1 January 1970, half-open.
type span struct{ from, to int }

// merge puts spans in order, those that overlap or touch as one.
func merge(spans []span) []span {
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	var out []span
	for _, s := range spans {
		if n := len(out); n > 0 && s.from <= out[n-1].to {
			out[n-1].to = max(out[n-1].to, s.to)
			continue
		}
		out = append(out, s)
	}
	return out
}

const secondsPerDay = 24 * 60 * 60

func dayNumber(t time.Time) int {
	y, m, d := t.UTC().Date()
	return int(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

func dateOf(day int) string {
	return time.Unix(int64(day)*secondsPerDay, 0).UTC().Format(time.DateOnly)
}

// calendar turns hours of study into days.
type calendar struct {
	start        int // day on which the plan starts
	hoursPerWeek int
	off          []span // in order, none touching another
}

// newCalendar makes a calendar. Ranges that are no dates count for nothing: ParseWeeksOff makes none.
func newCalendar(o Options, off []DateRange) calendar {
	c := calendar{start: dayNumber(o.Today), hoursPerWeek: o.HoursPerWeek}
	for _, r := range off {
		a, errA := time.Parse(time.DateOnly, r.From)
		b, errB := time.Parse(time.DateOnly, r.To)
		if errA == nil && errB == nil && !b.Before(a) {
			c.off = append(c.off, span{dayNumber(a), dayNumber(b) + 1})
		}
	}
	c.off = merge(c.off)
	return c
}

// after is the day on which so many hours of study, from the start on, are done: the first after the last day of study. Days are rounded up
// in whole numbers, from the start and not from the part before, so that rounding does not add up and no fraction of a float makes a day.
func (c calendar) after(hours int) string {
	if hours <= 0 {
		return dateOf(c.start)
	}
	end := c.start + (hours*7+c.hoursPerWeek-1)/c.hoursPerWeek
	for _, s := range c.off {
		if s.to <= c.start {
			continue
		}
		if s.from >= end {
			break
		}
		end += s.to - max(s.from, c.start)
	}
	return dateOf(end)
}
