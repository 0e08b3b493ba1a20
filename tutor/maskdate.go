package tutor

import (
	"regexp"
	"strconv"
)

// date is a day. Where the order of day and month cannot be told, low and high are the two numbers.
type date struct{ year, low, high int }

var (
	numericDate = regexp.MustCompile(`^(\d{1,2})\s?[./-]\s?(\d{1,2})\s?[./-]\s?((?:19|20)?\d\d)\b`)
	isoDate     = regexp.MustCompile(`^((?:19|20)\d\d)\s?[./年-]\s?(\d{1,2})\s?[./月-]\s?(\d{1,2})(?:日|\b)`)
	dayFirst    = regexp.MustCompile(`^(\d{1,2})(?:st|nd|rd|th|er|\.|º)?\s*(?:de\s+|of\s+)?(\pL{3,12})\.?,?\s*(?:de\s+|del\s+)?((?:19|20)\d\d)\b`)
	monthFirst  = regexp.MustCompile(`^(\pL{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)\b`)
	dateStart   = regexp.MustCompile(`\d{1,4}|\pL{3,12}\.?\s+\d{1,2}`)
)

// monthNumbers are the names of months and their beginnings, folded.
var monthNumbers = map[string]int{
	"jan": 1, "ene": 1, "gen": 1, "feb": 2, "fev": 2, "feber": 2, "mar": 3, "mrz": 3, "maerz": 3, "apr": 4, "abr": 4, "avr": 4, "may": 5, "mai": 5, "mag": 5, "jun": 6, "giu": 6, "juin": 6,
	"jul": 7, "lug": 7, "juil": 7, "aug": 8, "ago": 8, "aou": 8, "sep": 9, "set": 9, "oct": 10, "okt": 10, "out": 10, "ott": 10, "nov": 11, "dec": 12, "dez": 12, "dic": 12,
}

func monthNumber(name string) int {
	f := squeezeWord(name)
	if n := monthNumbers[f]; n > 0 {
		return n
	}
	if len(f) > 4 {
		if n := monthNumbers[f[:4]]; n > 0 {
			return n
		}
	}
	if len(f) > 3 {
		return monthNumbers[f[:3]]
	}
	return 0
}

// readDate reads a day at the beginning of s, and gives its bytes.
func readDate(s string) (date, int) {
	number := func(s string) int { n, _ := strconv.Atoi(s); return n } // of a few digits
	made := func(year, a, b, size int) (date, int) {
		if year < 100 {
			year += 1900
			if year < 1930 {
				year += 100
			}
		}
		if a < 1 || b < 1 || min(a, b) > 12 || max(a, b) > 31 {
			return date{}, 0
		}
		return date{year, min(a, b), max(a, b)}, size
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return made(number(m[1]), number(m[2]), number(m[3]), len(m[0]))
	}
	if m := numericDate.FindStringSubmatch(s); m != nil {
		return made(number(m[3]), number(m[1]), number(m[2]), len(m[0]))
	}
	if m := dayFirst.FindStringSubmatch(s); m != nil {
		return made(number(m[3]), number(m[1]), monthNumber(m[2]), len(m[0]))
	}
	if m := monthFirst.FindStringSubmatch(s); m != nil {
		return made(number(m[3]), number(m[2]), monthNumber(m[1]), len(m[0]))
	}
	return date{}, 0
}

// dateAt is how many bytes of a day s begins with, 0 for none.
func dateAt(s string) int {
	_, size := readDate(s)
	return size
}

// dateIn is the first day in a text.
func dateIn(s string) (date, bool) {
	for _, m := range dateStart.FindAllStringIndex(s, -1) {
		if d, size := readDate(s[m[0]:]); size > 0 {
			return d, true
		}
	}
	return date{}, false
}

// birthsIn are the places of days of birth that are known, in whatever form they are written.
func birthsIn(text string, births []date) [][2]int {
	if len(births) == 0 {
		return nil
	}
	var out [][2]int
	end := 0
	for _, m := range dateStart.FindAllStringIndex(text, -1) {
		if m[0] < end || !startsWord(text, m[0]) {
			continue
		}
		d, size := readDate(text[m[0]:])
		for _, b := range births {
			if size > 0 && d == b {
				end = m[0] + size
				out = append(out, [2]int{m[0], end})
			}
		}
	}
	return out
}
