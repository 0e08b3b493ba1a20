package resume

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// MonthRange is a half-open range of months counted from year 0: month m of year y is y*12 + m - 1.
type MonthRange struct{ From, To int }

// Months counts the months that any of the positions covers, each once however many positions cover it.
//
// A month that is named counts in full, the last one too: "2020-01" to "2020-03" are three. A year without a month counts from January as
// a start and to December as an end. Present is the month of asOf, which counts. A position without an end counts what its start covers.
// One without a start, or whose end lies before its start, counts nothing.
func Months(positions []Position, asOf time.Time) int {
	ranges := make([]MonthRange, 0, len(positions))
	for _, p := range positions {
		ranges = append(ranges, p.Months(asOf))
	}
	total, _ := UnionMonths(ranges)
	return total
}

// Months are the months of a position by the rules of the function Months; empty where it has none.
func (p Position) Months(asOf time.Time) MonthRange {
	from, to, ok := monthsOf(p.Start)
	if !ok {
		return MonthRange{}
	}
	if p.End == Present {
		to = asOf.Year()*12 + int(asOf.Month())
	} else if _, end, ok := monthsOf(p.End); ok {
		to = end
	}
	return MonthRange{From: from, To: max(from, to)}
}

// UnionMonths counts the months that any of the ranges covers once, and gives the end of the last.
func UnionMonths(ranges []MonthRange) (total, last int) {
	sorted := slices.Clone(ranges)
	slices.SortFunc(sorted, func(a, b MonthRange) int { return cmp.Compare(a.From, b.From) })
	for _, r := range sorted {
		if r.To > last && r.To > r.From {
			total += r.To - max(r.From, last)
			last = r.To
		}
	}
	return total, last
}

// monthsOf reads "YYYY-MM" or "YYYY" as the half-open range of months that it covers.
func monthsOf(s string) (from, to int, ok bool) {
	y, rest, hasMonth := strings.Cut(s, "-")
	year, err := strconv.Atoi(y)
	if err != nil || year < 1900 || year > 9999 {
		return 0, 0, false
	}
	if !hasMonth {
		return year * 12, year*12 + 12, true
	}
	month, err := strconv.Atoi(rest)
	if err != nil || month < 1 || month > 12 {
		return 0, 0, false
	}
	return year*12 + month - 1, year*12 + month, true
}
