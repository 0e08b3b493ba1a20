package resume

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// dateRange is a time as it stands in a line. start and end are as in Position; from and to are the bytes that it takes.
type dateRange struct {
	start, end string
	from, to   int
	single     bool // one point in time, and not from one to another
}

// The words of dates, in English, German, French and Spanish. Chinese has digits.
const (
	monthNames = `jan(?:uary|uar|vier|v)?|j[äa]nner|enero|ene|feb(?:ruary|ruar|rero)?|f[ée]v(?:rier|r)?|m[äa]rz|mrz|mar(?:ch|s|zo)?|apr(?:il)?|avr(?:il)?|abr(?:il)?|` +
		`may|mayo|mai|june?|juni|juin|junio|july?|juli|juil(?:let)?|julio|aug(?:ust)?|ao[ûu]t|ago(?:sto)?|sep(?:t(?:ember|embre|iembre)?)?|set(?:iembre)?|` +
		`oct(?:ober|obre|ubre)?|okt(?:ober)?|nov(?:ember|embre|iembre)?|dec(?:ember)?|dez(?:ember)?|d[ée]c(?:embre)?|dic(?:iembre)?`
	seasonNames  = `spring|summer|fall|autumn|winter|fr[üu]hjahr|fr[üu]hling|sommer|herbst|printemps|[ée]t[ée]|automne|hiver|primavera|verano|oto[ñn]o|invierno`
	presentNames = `present|now|currently|current|today|to\s+date|date|ongoing|on-going|heute|jetzt|aktuell|laufend|dato|aujourd['’]hui|pr[ée]sent|` +
		`actuellement|actuel|en\s+cours|ce\s+jour|(?:la\s+)?actualidad|actualmente|actual|presente|hoy|(?:la\s+)?fecha`
	yearForm = `(?:19[5-9]\d|20[0-4]\d)`
)

var (
	namedDate   = regexp.MustCompile(`^(?i:(` + monthNames + `)\.?(?:\s+\d{1,2}(?:st|nd|rd|th)?,)?,?(?:\s+de)?\s*(?:(` + yearForm + `)|['’](\d\d)))(?:\D|$)`)
	seasonDate  = regexp.MustCompile(`^(?i:(` + seasonNames + `)(?:\s+of)?,?\s+(` + yearForm + `))(?:\D|$)`)
	dayDate     = regexp.MustCompile(`^(\d{1,2})([./])(\d{1,2})[./](` + yearForm + `)(?:\D|$)`)
	isoDate     = regexp.MustCompile(`^(` + yearForm + `)-(0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])(?:\D|$)`)
	monthYear   = regexp.MustCompile(`^(0?[1-9]|1[0-2])(?:\s?[./]\s?|-)(` + yearForm + `)(?:\D|$)`)
	yearMonth   = regexp.MustCompile(`^(` + yearForm + `)(?:(?:[-./]|\s[./]\s)(0?[1-9]|1[0-2])|\s?年\s?(1[0-2]|0?[1-9])\s?月)(?:\D|$)`)
	yearOnly    = regexp.MustCompile(`^(` + yearForm + `)年?(?:\D|$)`)
	shortDate   = regexp.MustCompile(`^(\d\d)\.(0[1-9]|1[0-2])(?:\D|$)`)
	monthOnly   = regexp.MustCompile(`^(?i:(` + monthNames + `)\.?)\s*[-–—−‐‒~]`)
	rangeMark   = regexp.MustCompile(`^(?:\s*(?:[-–—−‐‒~〜→]+|至|到)\s*|\s+(?i:to|until|till|through|thru|bis|à|au|a|al|hasta|jusqu['’]?(?:à|au|en))\s+)(?i:bis\s+|la\s+)?`)
	presentMark = regexp.MustCompile(`^(?:(?i:` + presentNames + `)(?:[^\pL]|$)|至?今|现在|現在|目前)`)
	sinceMark   = regexp.MustCompile(`^(?i:since|seit|depuis|desde|ab|from|von|de|du)\s+`)
	sinceOnly   = regexp.MustCompile(`^(?i:since|seit|depuis|desde|ab)\s`)
	andYear     = regexp.MustCompile(`^\s+(?i:and|&|und|et|y)\s+(` + yearForm + `)(?:\D|$)`)
	yearTail    = regexp.MustCompile(`^(\d\d)(?:\D|$)`)
)

// point is one month, season or year. first and last differ for a season.
type point struct {
	first, last string
	size        int
	short       bool
}

// findDate gives the first time in s: one from a point to another before one that is a single point.
func findDate(s string) (dateRange, bool) {
	var single dateRange
	found := false
	prev := ' '
	for i, r := range s {
		starts := !unicode.IsLetter(prev) && !unicode.IsDigit(prev) || unicode.Is(unicode.Han, prev)
		glued := prev == '/' || (prev == '.' || prev == '-') && i >= 2 && unicode.IsDigit(rune(s[i-2])) // inside of a number or a path
		prev = r
		if !starts || glued || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			continue
		}
		d, ok := dateAt(s, i)
		switch {
		case ok && !d.single:
			return d, true
		case ok && !found:
			single, found = d, true
		}
	}
	return single, found
}

// dateAt reads the time that begins at byte i.
func dateAt(s string, i int) (dateRange, bool) {
	at := i
	since := false
	if m := sinceMark.FindString(s[i:]); m != "" {
		since = sinceOnly.MatchString(s[i:])
		at += len(m)
	}
	first, ok := pointAt(s[at:])
	if !ok {
		return monthToMonth(s, i)
	}
	if at != i && !since && !rangeMark.MatchString(s[at+first.size:]) {
		return dateRange{}, false // "from 2019" says nothing alone, and "de 2019" is a word and a year
	}
	after := at + first.size
	if mark := rangeMark.FindString(s[after:]); mark != "" {
		if d, ok := rangeTo(s, first, after+len(mark)); ok {
			d.from = i
			return d, true
		}
		if rest := strings.TrimSpace(s[after+len(mark):]); rest == "" && !first.short {
			return dateRange{start: first.first, end: Present, from: i, to: len(s)}, true // "2019 –"
		}
	}
	switch {
	case first.short:
		return dateRange{}, false // 17.01 alone is a number
	case since:
		return dateRange{start: first.first, end: Present, from: i, to: after}, true
	}
	if m := andYear.FindStringSubmatchIndex(s[after:]); m != nil {
		end := group(s[after:], m, 1) + first.last[4:] // "Summer 2012 and 2013"
		return dateRange{start: first.first, end: end, from: i, to: after + m[3]}, true
	}
	return dateRange{start: first.first, end: first.last, from: i, to: after, single: true}, true
}

// rangeTo reads the end of a range that began with first.
func rangeTo(s string, first point, at int) (dateRange, bool) {
	if m := presentMark.FindString(s[at:]); m != "" {
		if last, _ := utf8.DecodeLastRuneInString(m); !unicode.IsLetter(last) {
			m = m[:len(m)-utf8.RuneLen(last)]
		}
		return dateRange{start: first.first, end: Present, to: at + len(m)}, true
	}
	if last, ok := pointAt(s[at:]); ok && last.short == first.short {
		return dateRange{start: first.first, end: last.last, to: at + last.size}, true
	}
	if m := yearTail.FindStringSubmatch(s[at:]); m != nil && len(first.first) == 4 && m[1] > first.first[2:] {
		return dateRange{start: first.first, end: first.first[:2] + m[1], to: at + 2}, true // 2019–20
	}
	return dateRange{}, false
}

// monthToMonth reads "Jan – Mar 2020", in which the year stands once.
func monthToMonth(s string, i int) (dateRange, bool) {
	m := monthOnly.FindStringSubmatch(s[i:])
	if m == nil {
		return dateRange{}, false
	}
	at := i + len(m[0])
	at += len(s[at:]) - len(strings.TrimLeft(s[at:], " "))
	last, ok := pointAt(s[at:])
	if !ok || len(last.last) != 7 {
		return dateRange{}, false
	}
	return dateRange{start: last.last[:4] + fmt.Sprintf("-%02d", monthOf(m[1])), end: last.last, from: i, to: at + last.size}, true
}

// pointAt reads the point in time that s begins with.
func pointAt(s string) (point, bool) {
	if s == "" {
		return point{}, false
	}
	if m := namedDate.FindStringSubmatchIndex(s); m != nil {
		year := group(s, m, 2)
		if year == "" {
			year = century(group(s, m, 3))
		}
		return month(year, monthOf(group(s, m, 1)), max(m[5], m[7])), true
	}
	if m := seasonDate.FindStringSubmatchIndex(s); m != nil {
		return season(group(s, m, 1), group(s, m, 2), m[5]), true
	}
	if m := dayDate.FindStringSubmatchIndex(s); m != nil {
		n, _ := strconv.Atoi(group(s, m, 3))
		if n > 12 {
			n, _ = strconv.Atoi(group(s, m, 1)) // 04/30/2019, as the United States write it
		}
		return month(group(s, m, 4), n, m[9]), true
	}
	if m := isoDate.FindStringSubmatchIndex(s); m != nil {
		n, _ := strconv.Atoi(group(s, m, 2))
		return month(group(s, m, 1), n, m[5]+3), true
	}
	if m := monthYear.FindStringSubmatchIndex(s); m != nil {
		n, _ := strconv.Atoi(group(s, m, 1))
		return month(group(s, m, 2), n, m[5]), true
	}
	if m := yearMonth.FindStringSubmatchIndex(s); m != nil {
		if m[4] >= 0 {
			n, _ := strconv.Atoi(group(s, m, 2))
			return month(group(s, m, 1), n, m[5]), true
		}
		n, _ := strconv.Atoi(group(s, m, 3))
		return month(group(s, m, 1), n, m[7]+strings.Index(s[m[7]:], "月")+len("月")), true
	}
	if m := yearOnly.FindStringSubmatchIndex(s); m != nil {
		size := m[3]
		if strings.HasPrefix(s[size:], "年") {
			size += len("年")
		}
		y := group(s, m, 1)
		return point{first: y, last: y, size: size}, true
	}
	if m := shortDate.FindStringSubmatchIndex(s); m != nil {
		n, _ := strconv.Atoi(group(s, m, 2))
		p := month(century(group(s, m, 1)), n, m[5])
		p.short = true
		return p, true
	}
	return point{}, false
}

func group(s string, m []int, n int) string {
	if m[2*n] < 0 {
		return ""
	}
	return s[m[2*n]:m[2*n+1]]
}

func month(year string, n, size int) point {
	if n < 1 || n > 12 {
		return point{first: year, last: year, size: size}
	}
	p := fmt.Sprintf("%s-%02d", year, n)
	return point{first: p, last: p, size: size}
}

// century completes a year of two digits: nobody's resume reaches before 1950 or beyond 2049.
func century(yy string) string {
	if yy >= "50" {
		return "19" + yy
	}
	return "20" + yy
}

// season gives the months of a season of the northern half of the world, which is the one that students' summers are named after.
// A winter lies in two years, so it is only its year.
func season(name, year string, size int) point {
	first, last := "", ""
	switch []rune(fold(name))[0] {
	case 's': // spring, summer, Sommer
		if first, last = "-06", "-08"; strings.HasPrefix(fold(name), "sp") {
			first, last = "-03", "-05"
		}
	case 'v', 'e': // verano, été
		first, last = "-06", "-08"
	case 'p': // printemps, primavera
		first, last = "-03", "-05"
	case 'f', 'a', 'o', 'h': // fall, autumn, otoño, Herbst; and Frühjahr, hiver
		first, last = "-09", "-11"
		if strings.HasPrefix(fold(name), "fr") {
			first, last = "-03", "-05"
		} else if strings.HasPrefix(fold(name), "hi") {
			first, last = "", ""
		}
	}
	return point{first: year + first, last: year + last, size: size}
}

// monthOf is the number of a month by the letters that its names share.
func monthOf(name string) int {
	n := fold(name)
	for i, prefixes := range [...]string{
		"jan jann ene", "feb fev", "mar mrz", "apr avr abr", "may mai", "jun juin", "jul juil", "aug aou ago", "sep set", "oct okt", "nov", "dec dez dic",
	} {
		for p := range strings.FieldsSeq(prefixes) {
			if strings.HasPrefix(n, p) {
				return i + 1
			}
		}
	}
	return 0
}
