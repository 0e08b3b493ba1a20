package posting

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// How pay is written: a currency before or after an amount, or before or after a range of two.
const (
	currencyMark = `(?:US\$|CA\$|C\$|AU\$|A\$|NZ\$|S\$|R\$|\$|€|£|₹|¥|zł|CHF|USD|EUR|GBP|CAD|AUD|NZD|SGD|INR|JPY|PLN|SEK|NOK|DKK|BRL|CZK|MXN|ILS|ZAR|HUF|RON|AED|kr\.?|euros?|Euro|dollars|pounds)`
	amountMark   = `\d{1,3}(?:[.,' \x{00a0}\x{202f}]\d{3})+(?:[.,]\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?`
	thousand     = `\s?(?:[kK]\b|тыс)?`
)

var (
	// An amount, and what follows where it is the first of a range: in one pattern they are too long for the faster of the ways that regexp has.
	payPattern = regexp.MustCompile(`(` + currencyMark + `)?\s?(` + amountMark + `)(` + thousand + `)(?:\s?(` + currencyMark + `))?`)
	payRange   = regexp.MustCompile(`^\s?(?:-|–|—|to|bis|until|and|à|a|até|al|do|tot)\s?(` + currencyMark + `)?\s?(` + amountMark + `)(` + thousand + `)\s?(` + currencyMark + `)?`)
	wordMarks  = strings.Fields("zł CHF USD EUR GBP CAD AUD NZD SGD INR JPY PLN SEK NOK DKK BRL CZK MXN ILS ZAR HUF RON AED dollars pounds kr euros euro Euro") // from kr on whole words
	payWords   = regexp.MustCompile(`(?i)\b(salary|compensation|pay|wage|rate|remuneration|base|gehalt\w*|jahresgehalt|vergütung|brutto\w*|salaire|rémunération|salario|sueldo|retribución|stipendio|retribuzione|ral|salaris|bruto|salário|remuneração|wynagrodzenie|lön|ctc|ote)\b`)
	notPay     = regexp.MustCompile(`(?i)\b(raised|funding|revenue|arr|series [a-f]|valuation|budget|bonus|stipend|allowance|grant|fund|invest\w*|customers?|users?|401|assets|managing|process\w*|volume|worth|learning|referral|award|sign-on|signing)\b`)
	bigAmount  = regexp.MustCompile(`(?i)^\s?(m|mm|mn|mio|million\w*|b|bn|billion\w*|milli\w+|t\b|%|\+? ?(users|customers|people|employees|requests))\b`)
	periods    = []struct {
		name    string
		pattern *regexp.Regexp
	}{
		{"hour", regexp.MustCompile(`(?i)(/ ?(hr|hour|h|std|stunde)\b|\b(per|an|pro|par|por|al|all') ?(hour|hr|stunde|heure|hora|ora|uur)\b|\bhourly\b|\bstundenlohn\b)`)},
		{"day", regexp.MustCompile(`(?i)(/ ?(day|d|tag|jour)\b|\b(per|a|pro|par|por) (day|tag|jour|día|dia)\b|\bdaily rate\b|\btagessatz\b|\btjm\b|\bday rate\b)`)},
		{"week", regexp.MustCompile(`(?i)(/ ?(week|wk|woche)\b|\b(per|a|pro) (week|woche)\b|\bweekly\b)`)},
		{"month", regexp.MustCompile(`(?i)(/ ?(month|mo|monat|mois|mes|mies)\b|\b(per|a|pro|par|por|al) ?(month|monat|mois|mes|mese|mês|maand)\b|\bmonthly\b|\bmonatlich\b|\bmensuel\w*\b|\bmiesięcznie\b|\bmensual\w*\b)`)},
		{"year", regexp.MustCompile(`(?i)(/ ?(year|yr|y|jahr|an|año|annum)\b|\b(per|a|pro|par|por|all'|im) ?(year|annum|jahr|an|año|anno|ano|jaar)\b|\bp\.? ?a\b|\bannual\w*\b|\byearly\b|\bjährlich\b|\banuales\b|\bannuel\w*\b|\bjahresgehalt\b|\bbrut/an\b|\blpa\b)`)},
	}
	isoOf = map[string]string{
		"US$": "USD", "$": "USD", "CA$": "CAD", "C$": "CAD", "AU$": "AUD", "A$": "AUD", "NZ$": "NZD", "S$": "SGD", "R$": "BRL", "€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY",
		"zł": "PLN", "kr": "SEK", "kr.": "DKK", "euro": "EUR", "euros": "EUR", "Euro": "EUR", "dollars": "USD", "pounds": "GBP",
	}
)

// ReadPay reads the pay that a text names: the first amount or range with a currency that stands as pay, by a word or a period beside it. Sums
// that are raised, budgets and bonuses are none. It is zero where the text names none, or none that is sure.
func ReadPay(text string) Pay {
	if strings.IndexFunc(text, func(r rune) bool { return r >= '0' && r <= '9' }) < 0 {
		return Pay{}
	}
	var single Pay
	for line := range strings.Lines(text) {
		for from := 0; ; {
			at := markAt(line, from)
			if at < 0 {
				break
			}
			p, isRange, end := payNear(line, at)
			if from = max(end, at+1); p == (Pay{}) {
				continue
			}
			if isRange {
				return p
			}
			if single == (Pay{}) {
				single = p
			}
		}
	}
	return single
}

// markAt is where the first currency of a line stands from an offset on, or -1. It is what a text of a thousand words is scanned by: the
// patterns are for what stands around it.
func markAt(line string, from int) int {
	for i := from; i < len(line); i++ {
		switch b := line[i]; {
		case b == '$', b == 0xC2 && i+1 < len(line) && (line[i+1] == 0xA3 || line[i+1] == 0xA5), // £ ¥
			b == 0xE2 && strings.HasPrefix(line[i:], "€"), b == 0xE2 && strings.HasPrefix(line[i:], "₹"):
			return i
		case (b >= 'A' && b <= 'Z' || b == 'z' || b == 'k' || b == 'e' || b == 'd' || b == 'p') && (i == 0 || !isLetter(line[i-1])):
			if wordMark(line[i:]) {
				return i
			}
		}
	}
	return -1
}

// wordMark tells whether a text begins with a currency that is a word.
func wordMark(s string) bool {
	whole := false
	for _, m := range wordMarks {
		whole = whole || m == "kr"
		if s[0] != m[0] || !strings.HasPrefix(s, m) {
			continue
		}
		if end := s[len(m):]; !whole || end == "" || !isLetter(end[0]) && !isDigit(end[0]) && end[0] != '_' {
			return true
		}
	}
	return false
}

func isLetter(b byte) bool { return b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' }

// marked is how long a currency before an amount is at most, in bytes, with what stands between.
const marked = 12

// payNear reads the amounts around a currency, and where they end.
func payNear(line string, mark int) (p Pay, isRange bool, end int) {
	const before, after = 45, 50
	from, to := max(0, mark-before), min(len(line), mark+after)
	for from > 0 && !utf8.RuneStart(line[from]) {
		from--
	}
	for from > 0 && line[from] != ' ' && mark-from < 2*before { // not in the middle of a number
		from--
	}
	for to < len(line) && !utf8.RuneStart(line[to]) {
		to++
	}
	if i := strings.IndexAny(line[from:to], "0123456789"); i < 0 {
		return Pay{}, false, 0
	} else if first := min(mark, from+i); first-from > marked { // nothing of a match stands further before its first number or mark
		for from = first - marked; !utf8.RuneStart(line[from]); {
			from--
		}
	}
	for from < to {
		at := amountsIn(line, from, to)
		if at == nil {
			break
		}
		if from = at[1]; at[1] <= mark {
			continue
		}
		if p, isRange = payOf(line, at); p != (Pay{}) {
			return p, isRange, at[1]
		}
	}
	return Pay{}, false, 0
}

// amountsIn is the first amount or range between two offsets of a line: the ends of it and of its groups, those of payPattern and then those of
// payRange.
func amountsIn(line string, from, to int) []int {
	at := payPattern.FindStringSubmatchIndex(line[from:to])
	if at == nil {
		return nil
	}
	more := payRange.FindStringSubmatchIndex(line[from+at[1] : to])
	if more == nil {
		more = slices.Repeat([]int{-1}, 10)
	} else {
		for i := range more {
			if more[i] >= 0 {
				more[i] += at[1]
			}
		}
		at[1] = more[1]
	}
	at = append(at, more[2:]...)
	for i := range at {
		if at[i] >= 0 {
			at[i] += from
		}
	}
	return at
}

// payOf judges what amountsIn found.
func payOf(line string, at []int) (p Pay, isRange bool) {
	group := func(n int) string {
		if at[2*n] < 0 {
			return ""
		}
		return line[at[2*n]:at[2*n+1]]
	}
	for _, n := range []int{1, 4, 5, 8} {
		if mark := group(n); mark != "" && p.Currency == "" {
			if p.Currency = isoOf[mark]; p.Currency == "" {
				p.Currency = strings.ToUpper(mark)
			}
		}
	}
	const before, after = 60, 40
	ahead, behind := line[max(0, at[0]-before):at[0]], line[at[1]:min(len(line), at[1]+after)]
	if p.Currency == "" || bigAmount.MatchString(behind) || at[0] > 0 && isDigit(line[at[0]-1]) || at[1] < len(line) && isDigit(line[at[1]]) {
		return Pay{}, false
	}
	isRange = at[12] >= 0
	p.Min = amount(group(2), group(3) != "" && strings.TrimSpace(group(3)) != "" || isRange && group(3) == "" && strings.TrimSpace(group(7)) != "" && shortAmount(group(2)))
	p.Max = p.Min
	if isRange {
		p.Max = amount(group(6), strings.TrimSpace(group(7)) != "")
	}
	if p.Min <= 0 || p.Max < p.Min {
		return Pay{}, false
	}
	p.Period = periodOf(behind)
	if p.Period == "" {
		p.Period = periodOf(ahead)
	}
	said := payWords.MatchString(ahead) || payWords.MatchString(behind)
	if notPay.MatchString(ahead) && !payWords.MatchString(ahead) || notPay.MatchString(firstClause(behind)) && !said {
		return Pay{}, false
	}
	if p.Period == "" {
		const yearly = 10_000_00
		if p.Min < yearly || !said && !isRange {
			return Pay{}, false
		}
		p.Period = "year"
	}
	return p, isRange && plausible(p) || isRange
}

// firstClause is what stands up to the first comma or full stop.
func firstClause(s string) string {
	if i := strings.IndexAny(s, ",.;("); i >= 0 {
		return s[:i]
	}
	return s
}

// plausible tells whether a year of it is a wage.
func plausible(p Pay) bool {
	least, most := p.Yearly()
	return least >= 1_000_00 && most <= 100_000_000_00
}

// periodOf is the period that is named first.
func periodOf(s string) string {
	name, first := "", len(s)+1
	if s == "" {
		return ""
	}
	for _, p := range periods {
		if at := p.pattern.FindStringIndex(s); at != nil && at[0] < first {
			name, first = p.name, at[0]
		}
	}
	return name
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// shortAmount tells whether an amount is one of thousands when the other of its range is: 80 in 80–95k.
func shortAmount(s string) bool { return len(s) <= 3 }

// amount reads a number with separators of either kind, in hundredths.
func amount(s string, thousands bool) int64 {
	s = strings.Map(func(r rune) rune {
		if strings.ContainsRune(" '\u00a0\u202f", r) {
			return -1
		}
		return r
	}, s)
	whole, cents := s, ""
	if i := strings.LastIndexAny(s, ".,"); i >= 0 && len(s)-i-1 <= 2 {
		whole, cents = s[:i], s[i+1:]
	}
	whole = strings.Map(func(r rune) rune {
		if r == '.' || r == ',' {
			return -1
		}
		return r
	}, whole)
	v, err := strconv.ParseFloat(whole+"."+cents+"0", 64)
	if err != nil || v > 1e9 {
		return 0
	}
	if thousands {
		v *= 1000
	}
	return int64(math.Round(v * 100))
}

// payFrom is pay that a format gives in fields; it is zero where a field makes no sense.
func payFrom(currency string, least, most float64, period string) Pay {
	currency = strings.ToUpper(strings.TrimSpace(currency))
	if most == 0 {
		most = least
	}
	if least == 0 {
		least = most
	}
	if len(currency) != 3 || strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" || !(least > 0) || most < least || most > 1e9 {
		return Pay{}
	}
	word := strings.ToLower(period)
	for _, p := range []struct{ mark, period string }{{"hour", "hour"}, {"day", "day"}, {"dai", "day"}, {"week", "week"}, {"month", "month"}, {"year", "year"}, {"ann", "year"}} {
		if strings.Contains(word, p.mark) {
			return Pay{Currency: currency, Min: int64(math.Round(least * 100)), Max: int64(math.Round(most * 100)), Period: p.period}
		}
	}
	return Pay{}
}
