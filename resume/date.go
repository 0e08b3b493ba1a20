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

// What stands between the two ends of a time, and before one. Chinese, Hebrew and Arabic words touch what they belong to.
var (
	rangeMark = regexp.MustCompile(`^(?:\s*\(?\s*(?:[-–—−‐‒―~～〜→➔»>]+|至|到|עד|حتى|إلى|الى)\s*\(?\s*|` +
		`\s+(?i:up\s+to|to|until|till?|through|thru|bis(?:\s+zum|\s+einschl\.)?|à|au|aux|jusqu['’]?(?:\s?à|\s?au|\s?en)?|al?|hasta(?:\s+el)?|at[ée](?:\s+ao?)?|ao|` +
		`fino\s+a[ld]?|ad|tot(?:\s+en\s+met)?|t/m|t\.e\.m\.)\s+)(?i:bis\s+|la\s+|el\s+|o\s+|l['’]|den\s+|\()?`)
	rangeSlash = regexp.MustCompile(`^\s*/\s*`)
	sinceMark  = regexp.MustCompile(`^(?i:since|seit(?:\s+dem)?|depuis(?:\s+le)?|desde(?:\s+el)?|a\s+partir\s+(?:de|do)|à\s+partir\s+de|dès|ab|sinds|vanaf|dal|da|from|von|vom|van|de|du|entre|between|zwischen|tra|tussen)\s+|^(?:מאז|منذ|自从|自)\s*`)
	sinceOnly  = regexp.MustCompile(`^(?:(?i:since|seit|depuis|desde|ab|sinds|vanaf|dal|dès|a\s+partir|à\s+partir)\s|מאז|منذ|自)`)
	between    = regexp.MustCompile(`^(?i:between|zwischen|entre|tra|tussen)\s`)
	betweenAnd = regexp.MustCompile(`^\s+(?i:and|und|et|y|e|en)\s+`)
	andYear    = regexp.MustCompile(`^\s+(?i:and|&|und|et|y|e|en)\s+(` + yearForm + `)(?:\D|$)`)
	yearTail   = regexp.MustCompile(`^['’]?(\d\d)(?:\D|$)`)
	openEnd    = regexp.MustCompile(`^(?:\.{3}|…|\?)?\s*(?:\)|$)`)
	street     = regexp.MustCompile(`^\s+(?:[\pL.]+\s+){0,3}(?i:street|st|road|rd|avenue|ave|boulevard|blvd|lane|ln|drive|dr|court|way|place|pl)\b`)
	product    = regexp.MustCompile(`(?i:\b(?:server|studio|office|windows|excel|word|access|outlook|sharepoint|exchange|autocad|project|visio|dynamics|navision|es|ecmascript|box|p\.?o\.?|no|nr|suite|room|isbn|issn|tel|fax)\s?[.:#]?\s?)$`)
)

// findDate gives the first time in s: one from a point to another before one that is a single point.
func findDate(s string) (dateRange, bool) {
	if !isASCII(s) && hasEasternDigits(s) {
		return findEastern(s)
	}
	if !hasYear(s) {
		return dateRange{}, false
	}
	var single dateRange
	found := false
	prev, beforePrev := ' ', ' '
	for i, r := range s {
		starts := !unicode.IsLetter(prev) && !unicode.IsDigit(prev) || unicode.Is(unicode.Han, prev)
		// Inside of a number, a path or a name with a hyphen: 555-2019, v1.2019, 9001:2015, pre-2019 but for a dash that parts.
		glued := prev == '/' || prev == '_' || prev == '#' || (prev == '.' || prev == '-' || prev == ':') && unicode.IsDigit(beforePrev)
		beforePrev, prev = prev, r
		if !starts || glued || !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\'' && r != '’' {
			continue
		}
		if unicode.IsLetter(r) && !mayBegin(s[i:], r) {
			continue
		}
		d, ok := dateAt(s, i)
		switch {
		case !ok || unicode.IsDigit(r) && d.single && numberAround(s, d):
		case !d.single:
			return d, true
		case !found:
			single, found = d, true
		}
	}
	return single, found
}

// hasYear is true for a text with digits that can be a year: four that begin as years do, or two behind a mark or a month.
func hasYear(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			continue
		}
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		switch n := i - from; {
		case n >= 4 && (s[from] == '1' && s[from+1] == '9' || s[from] == '2' && s[from+1] == '0'):
			return true
		case n == 2 && from > 0 && (strings.IndexByte("/.'-", s[from-1]) >= 0 || s[from-1] >= utf8.RuneSelf):
			return true
		case n == 2 && from > 1 && s[from-1] == ' ':
			before := s[:from-1]
			if monthWords[fold(strings.Trim(before[strings.LastIndexByte(before, ' ')+1:], "(.,"))] > 0 {
				return true
			}
		}
	}
	return false
}

// beginnings are the words, beside months, seasons and vague ones, that a time can begin with, folded.
var beginnings = foldedSet(`since seit depuis desde a ab sinds vanaf dal da from von vom van de du des entre between zwischen tra tussen q h t
	presently present pres now nowadays currently current today to date on ongoing in heute jetzt aktuell laufend andauernd dato derzeit gegenwartig unbefristet
	aujourd actuellement actuel maintenant en ce nos la actualidad actualmente actual presente hoy fecha el o atualmente atual hoje agora momento os dias em
	oggi attualmente attuale adesso heden nu huidig vandaag lopend`)

// mayBegin is true where a time may begin at a letter.
func mayBegin(s string, first rune) bool {
	if first >= 0x0590 {
		return true // no Latin letter
	}
	if (first|0x20 == 'q' || first|0x20 == 'h' || first|0x20 == 't' || first|0x20 == 'k') && len(s) > 1 && (s[1] >= '0' && s[1] <= '9' || s[1] == ' ') {
		return true
	}
	word := fold(leadingWord(s))
	return monthWords[word] > 0 || seasonWords[word] > 0 || vagueWords[word] || beginnings[word]
}

// numberAround is true for a year that is part of a longer number, a street's number, or the version of a product.
func numberAround(s string, d dateRange) bool {
	if d.to-d.from != 4 {
		return false
	}
	before, after := s[:d.from], s[d.to:]
	b := strings.TrimRight(before, " -()")
	if b != "" && len(before)-len(b) <= 2 && unicode.IsDigit(rune(b[len(b)-1])) {
		return true
	}
	a := strings.TrimLeft(after, " -.:/")
	if a != "" && len(after)-len(a) == 1 && unicode.IsDigit(rune(a[0])) {
		return true
	}
	return street.MatchString(after) || product.MatchString(before)
}

// dateAt reads the time that begins at byte i.
func dateAt(s string, i int) (dateRange, bool) {
	if size := presentAt(s[i:]); size > 0 {
		return latestFirst(s, i, size)
	}
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
	after := at + first.size
	if mark := rangeMarkAt(s[i:], s[after:], &first); mark > 0 {
		if d, ok := rangeTo(s, first, after+mark); ok {
			d.from = i
			return d, true
		}
		if openEnd.MatchString(s[after+mark:]) && !first.short {
			return dateRange{start: first.first, end: Present, from: i, to: after + len(strings.TrimRight(s[after:after+mark], " "))}, true // "2019 –"
		}
	}
	if m := rangeSlash.FindString(s[after:]); m != "" {
		if last, ok := pointAt(s[after+len(m):]); ok && len(first.first) == len(last.last) && last.last > first.first && !first.short && !last.short {
			return dateRange{start: first.first, end: last.last, from: i, to: after + len(m) + last.size}, true // 2019/2020
		}
	}
	if at != i && !since {
		return dateRange{}, false // "from 2019" says nothing alone, and "de 2019" is a word and a year
	}
	switch {
	case since:
		return dateRange{start: first.first, end: Present, from: i, to: after}, true
	case first.short:
		return dateRange{}, false // 17.01 alone is a number
	}
	if m := andYear.FindStringSubmatchIndex(s[after:]); m != nil && first.first != first.last {
		end := group(s[after:], m, 1) + first.last[4:] // "Summer 2012 and 2013"
		return dateRange{start: first.first, end: end, from: i, to: after + m[3]}, true
	}
	return dateRange{start: first.first, end: first.last, from: i, to: after, single: true}, true
}

// rangeMarkAt is the length of what parts a time's end from its start, 0 where nothing does. "and" does so only after "between".
func rangeMarkAt(whole, after string, first *point) int {
	if between.MatchString(whole) {
		return len(betweenAnd.FindString(after))
	}
	if m := rangeMark.FindString(after); m != "" {
		return len(m)
	}
	if first.dayed { // 2019-04-01/2020-03-31
		return len(rangeSlash.FindString(after))
	}
	return 0
}

// rangeTo reads the end of a range that began with first.
func rangeTo(s string, first point, at int) (dateRange, bool) {
	if size := presentAt(s[at:]); size > 0 {
		return dateRange{start: first.first, end: Present, to: at + size}, true
	}
	if last, ok := pointAt(s[at:]); ok && last.short == first.short {
		first, last = settleOrder(s, first, last)
		return ordered(dateRange{start: first.first, end: last.last, to: at + last.size}), true
	}
	if m := yearTail.FindStringSubmatchIndex(s[at:]); m != nil && len(first.first) == 4 && group(s[at:], m, 1) > first.first[2:] {
		return dateRange{start: first.first, end: first.first[:2] + group(s[at:], m, 1), to: at + m[3]}, true // 2019–20
	}
	return dateRange{}, false
}

// ordered turns a time around whose years stand the latest first, as in "2021 – 2019". Within a year it is as likely a slip of the writer:
// that is left as it is, and said.
func ordered(d dateRange) dateRange {
	if d.end[:4] < d.start[:4] {
		d.start, d.end = d.end, d.start
	}
	return d
}

// latestFirst reads "Present – 2019".
func latestFirst(s string, i, size int) (dateRange, bool) {
	mark := rangeMark.FindString(s[i+size:])
	if mark == "" {
		return dateRange{}, false
	}
	p, ok := pointAt(s[i+size+len(mark):])
	if !ok || p.short {
		return dateRange{}, false
	}
	return dateRange{start: p.first, end: Present, from: i, to: i + size + len(mark) + p.size}, true
}

// monthDigits is a month in two digits before a dash: "07 – 09/2018".
var monthDigits = regexp.MustCompile(`^(0[1-9]|1[0-2])\.?\s?[-–]`)

// monthToMonth reads "Jan – Mar 2020", in which the year stands once.
func monthToMonth(s string, i int) (dateRange, bool) {
	word := leadingWord(s[i:])
	n := monthWords[fold(word)]
	if m := monthDigits.FindStringSubmatch(s[i:]); m != nil {
		word = m[1]
		n, _ = strconv.Atoi(word)
	}
	at := i + len(word)
	if n > 0 && strings.HasPrefix(s[at:], ".") {
		at++
	}
	first := point{}
	if n == 0 {
		return dateRange{}, false
	}
	mark := rangeMarkAt("", s[at:], &first)
	if mark == 0 {
		return dateRange{}, false
	}
	last, ok := pointAt(s[at+mark:])
	if !ok || len(last.last) != 7 {
		return dateRange{}, false
	}
	return dateRange{start: last.last[:4] + fmt.Sprintf("-%02d", n), end: last.last, from: i, to: at + mark + last.size}, true
}

// presentAt is the length of a word for today at the start of s, 0 where there is none.
func presentAt(s string) int {
	m := presentMark.FindString(s)
	if m == "" {
		return 0
	}
	next, _ := utf8.DecodeRuneInString(s[len(m):])
	last, _ := utf8.DecodeLastRuneInString(m)
	if unicode.IsLetter(next) && unicode.IsLetter(last) && !unicode.Is(unicode.Han, next) {
		return 0
	}
	return len(m)
}

// hasEasternDigits is true for a text with the digits of Arabic or Persian.
func hasEasternDigits(s string) bool { return strings.ContainsFunc(s, isEasternDigit) }

func isEasternDigit(r rune) bool { return r >= '٠' && r <= '٩' || r >= '۰' && r <= '۹' }

// findEastern finds a time that is written in the digits of Arabic or Persian.
func findEastern(s string) (dateRange, bool) {
	var b strings.Builder
	var at []int // byte of b → byte of s
	for i, r := range s {
		switch {
		case r >= '٠' && r <= '٩':
			r = '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			r = '0' + r - '۰'
		}
		for range utf8.RuneLen(r) {
			at = append(at, i)
		}
		b.WriteRune(r)
	}
	at = append(at, len(s))
	d, ok := findDate(b.String())
	if !ok {
		return d, false
	}
	d.from, d.to = at[d.from], at[d.to]
	return d, true
}
