package resume

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// yearForm is a year that a resume can tell of.
const yearForm = `(?:19[5-9]\d|20[0-4]\d)`

// monthWords are the names of months and what they are shortened to, folded, in the languages that are read.
var monthWords = numberedWords(
	`jan january januar janner jaenner janvier janv enero ene janeiro gennaio gen genn januari ינואר يناير`,
	`feb february februar febrero fevrier fev fevr fevereiro febbraio febbr februari febr פברואר فبراير`,
	`mar march marz maerz mrz marzo mars marco maart mrt מרץ مارس`,
	`apr april abril abr avril avr aprile אפריל أبريل ابريل`,
	`may mayo mai maio maggio mag mei מאי مايو`,
	`jun june juni junio juin junho giugno giu יוני يونيو`,
	`jul july juli julio juillet juil julho luglio lug יולי يوليو`,
	`aug august agosto ago aout augustus אוגוסט أغسطس اغسطس`,
	`sep sept september septiembre set setiembre septembre setembro settembre sett ספטמבר سبتمبر`,
	`oct october oktober okt octubre octobre outubro out ottobre ott אוקטובר أكتوبر اكتوبر`,
	`nov november noviembre novembre novembro נובמבר نوفمبر`,
	`dec december dezember dez diciembre dic decembre dezembro dicembre דצמבר ديسمبر`,
)

// seasonWords are spring, summer, autumn and winter, of the northern half of the world, which is the one that students' summers are named
// after. A winter lies in two years, so it is only its year.
var seasonWords = numberedWords(
	`spring fruhjahr fruhling fruehjahr printemps primavera lente voorjaar 春季 春`,
	`summer sommer ete verano verao estate zomer 夏季 夏`,
	`fall autumn herbst automne otono outono autunno herfst najaar 秋季 秋`,
	`winter hiver invierno inverno 冬季 冬`,
)

// vagueWords make a year of what stands before it no month: "mid-2019".
var vagueWords = foldedSet(`early mid late middle end beginning start anfang mitte ende debut mi fin courant principios mediados finales fines inicio inicios meados final finais
	inizio meta fine begin medio half eind circa ca about approx around um vers hacia`)

// presentMark is a word for today as the end of a time.
var presentMark = regexp.MustCompile(`^\(?(?:(?i:pres\.|act\.|atu\.|akt\.)|(?i:presently|present|now|nowadays|currently|current|today|(?:un)?till?\s+(?:date|now|today|present)|to\s+date|date|on-?going|in\s+progress|` +
	`heute|jetzt|aktuell|laufend|andauernd|dato|derzeit|gegenw[äa]rtig|unbefristet|` +
	`aujourd\s?['’]\s?hui|pr[ée]sent|actuellement|actuel|maintenant|en\s+cours|(?:à\s+)?ce\s+jour|nos\s+jours|en\s+poste|` +
	`(?:la\s+)?actualidad|actualmente|actual|presente|hoy|(?:la\s+)?fecha|en\s+curso|el\s+momento|` +
	`(?:o\s+)?presente|atualmente|atual|hoje|agora|(?:o\s+)?momento|(?:os\s+)?dias\s+(?:atuais|de\s+hoje)|em\s+andamento|em\s+curso|` +
	`oggi|attualmente|attuale|in\s+corso|adesso|` +
	`heden|nu|huidig|vandaag|lopend)\b|至?今|迄今|现在|現在|目前|在职|在職|היום|כיום|הווה|כעת|الآن|الان|الحاضر|الوقت\s+الحاضر|اليوم|حاليا|حالياً)`)

// The forms of a point in digits.
var (
	dayDate    = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](` + yearForm + `)(?:\D|$)`)
	isoPoint   = regexp.MustCompile(`^(` + yearForm + `)([-./])(0?[1-9]|1[0-2])[-./](?:3[01]|[12]\d|0?[1-9])(?:T[\d:]+Z?)?(?:\D|$)`)
	monthYear  = regexp.MustCompile(`^(0?[1-9]|1[0-2])(?:\s?[./]\s?|\s?[-–]\s?)(` + yearForm + `)(?:\D|$)`)
	yearMonth  = regexp.MustCompile(`^(` + yearForm + `)(?:(?:[-./]|\s[./]\s)(0?[1-9]|1[0-2])|\s?年\s?(1[0-2]|0?[1-9])\s?月(?:\s?\d{1,2}\s?[日号號])?)(?:\D|$)`)
	yearOnly   = regexp.MustCompile(`^(` + yearForm + `)(?:\s?年|[Ss]\b)?(?:\D|$)`)
	dayShort   = regexp.MustCompile(`^\d{1,2}\.(\d{1,2})\.(\d\d)(?:[^\d./]|$)`)
	shortDate  = regexp.MustCompile(`^(\d\d?)([./])['’]?(\d\d)(?:[^\d./]|$)`)
	quarter    = regexp.MustCompile(`^(?i:([QTKH])\s?([1-4])|([1-4])\.?\s?(?:st|nd|rd|th)?\s?(Q|Quartal|quarter|trimestre|kwartaal)),?\s*(?:of\s+|de\s+)?[/-]?\s*(` + yearForm + `|['’]\d\d)(?:\D|$)`)
	yearThen   = regexp.MustCompile(`^(` + yearForm + `)[\s-]?(?i:([QTH])([1-4]))(?:\D|$)`)
	dayMonth   = regexp.MustCompile(`^\d{1,2}(?:st|nd|rd|th|er|º|°|ª|\.)?(?:\s+(?:de|of))?[\s-]+(\pL[\pL\pM]*)\.?,?(?:[\s-]+(?:de|of|del))?[\s-]+(` + yearForm + `)(?:\D|$)`)
	wordYear   = regexp.MustCompile(`^\.?,?(?:\s+\d{1,2}(?:st|nd|rd|th)?,)?(?:\s+(?:de|del|do|of|dell['’]))?[\s./-]{0,3}(?:(` + yearForm + `)|['’](\d\d)|(\d\d))(?:\D|$)`)
	yearSpaced = regexp.MustCompile(`^(` + yearForm + `)(?:,\s*|\s+|\.\s?|-)(\pL[\pL\pM]*)\.?`)
	looseYear  = regexp.MustCompile(`^(?:[-\s]|\s?(?:de|del|of|di)\s)\s?(` + yearForm + `)(?:\D|$)`)
)

// point is one month, season or year. first and last differ for a season.
type point struct {
	first, last string
	size        int
	short       bool   // a year of two digits without a name or mark: counts only beside another such
	other       string // the month as the other order of writing has it, "" where there is none
	order       order  // the order of writing, where the numbers leave no other
	dayed       bool   // it names a day
	day         int    // with the day first
	otherDay    int    // with the month first
}

// order is the order in which the numbers of a point are written.
type order byte

const (
	dayFirst order = iota + 1
	monthFirst
	yearFirst
)

// numberedWords gives each word of the nth list the number n, from 1.
func numberedWords(lists ...string) map[string]int {
	numbers := map[string]int{}
	for i, list := range lists {
		for w := range strings.FieldsSeq(list) {
			numbers[fold(w)] = i + 1
		}
	}
	return numbers
}

// leadingWord is the letters that s begins with.
func leadingWord(s string) string {
	end := strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.Is(unicode.Mn, r) })
	if end < 0 {
		return s
	}
	return s[:end]
}

// pointAt reads the point in time that s begins with.
func pointAt(s string) (point, bool) {
	if s == "" {
		return point{}, false
	}
	if s[0] >= '0' && s[0] <= '9' {
		return numericPoint(s)
	}
	if m := quarter.FindStringSubmatchIndex(s); m != nil {
		return quarterOf(group(s, m, 1), group(s, m, 2), group(s, m, 5), m[11]), true
	}
	word := leadingWord(s)
	if word == "" || len(word) > 30 {
		return point{}, false
	}
	name, rest := fold(word), s[len(word):]
	if n := monthWords[name]; n > 0 {
		return namedMonth(n, rest, len(word))
	}
	if n := seasonWords[name]; n > 0 {
		if m := wordYear.FindStringSubmatchIndex(rest); m != nil && m[6] < 0 {
			return season(n, yearOf(rest, m), len(word)+max(m[3], m[5])), true
		}
	}
	if vagueWords[name] {
		if m := looseYear.FindStringSubmatchIndex(strings.TrimPrefix(rest, ".")); m != nil {
			size := len(word) + m[3] + len(rest) - len(strings.TrimPrefix(rest, "."))
			return point{first: s[size-4 : size], last: s[size-4 : size], size: size}, true
		}
	}
	return point{}, false
}

func namedMonth(n int, rest string, size int) (point, bool) {
	m := wordYear.FindStringSubmatchIndex(rest)
	if m == nil {
		return point{}, false
	}
	p := month(yearOf(rest, m), n, size+max(m[3], m[5], m[7]))
	p.short = m[6] >= 0 // "Mar 20" can be a day
	return p, true
}

// yearOf is the year that wordYear found.
func yearOf(s string, m []int) string {
	if year := group(s, m, 1); year != "" {
		return year
	}
	return century(group(s, m, 2) + group(s, m, 3))
}

// numericPoint reads a point that begins with a digit.
func numericPoint(s string) (point, bool) {
	if m := isoPoint.FindStringSubmatchIndex(s); m != nil && strings.Count(s[:m[7]+1], group(s, m, 2)) > 1 {
		n, _ := strconv.Atoi(group(s, m, 3))
		size := m[7] + 1
		for size < len(s) && s[size] >= '0' && s[size] <= '9' {
			size++
		}
		p := month(group(s, m, 1), n, size)
		p.dayed = true
		return p, true
	}
	if m := dayDate.FindStringSubmatchIndex(s); m != nil {
		return dayPoint(s, m)
	}
	if m := dayShort.FindStringSubmatchIndex(s); m != nil { // 12.03.18
		n, _ := strconv.Atoi(group(s, m, 1))
		p := month(century(group(s, m, 2)), n, m[5])
		p.short = true
		return p, n >= 1 && n <= 12
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
		size := m[7] + strings.Index(s[m[7]:], "月") + len("月")
		if day := dayAfterMonth.FindString(s[size:]); day != "" {
			size += len(day)
		}
		return month(group(s, m, 1), n, size), true
	}
	if m := dayMonth.FindStringSubmatchIndex(s); m != nil {
		if n := monthWords[fold(group(s, m, 1))]; n > 0 {
			p := month(group(s, m, 2), n, m[5])
			p.dayed = true
			return p, true
		}
	}
	if m := quarter.FindStringSubmatchIndex(s); m != nil {
		return quarterOf(group(s, m, 4), group(s, m, 3), group(s, m, 5), m[11]), true
	}
	if m := yearThen.FindStringSubmatchIndex(s); m != nil {
		return quarterOf(group(s, m, 2), group(s, m, 3), group(s, m, 1), m[7]), true
	}
	if m := yearSpaced.FindStringSubmatchIndex(s); m != nil {
		if p, ok := yearThenWord(s, m); ok {
			return p, true
		}
	}
	if m := yearOnly.FindStringSubmatchIndex(s); m != nil {
		size := m[3]
		if rest := strings.TrimLeft(s[size:], " "); strings.HasPrefix(rest, "年") {
			size = len(s) - len(rest) + len("年")
		}
		y := group(s, m, 1)
		return point{first: y, last: y, size: size}, true
	}
	return shortPoint(s)
}

var dayAfterMonth = regexp.MustCompile(`^\s?\d{1,2}\s?[日号號]`)

// yearThenWord reads "2020 March", where no year follows the month: "2020, May 2021" are two points.
func yearThenWord(s string, m []int) (point, bool) {
	n := monthWords[fold(group(s, m, 2))]
	year := group(s, m, 1)
	if n == 0 && seasonWords[fold(group(s, m, 2))] == 0 {
		return point{}, false
	}
	if wordYear.MatchString(s[m[5]:]) {
		return point{}, false
	}
	if n == 0 {
		return season(seasonWords[fold(group(s, m, 2))], year, m[1]), true
	}
	return month(year, n, m[1]), true
}

// dayPoint reads 31.12.2019 and 12/31/2019. With points the day is first; with slashes it may be either, and the other end may tell.
func dayPoint(s string, m []int) (point, bool) {
	a, _ := strconv.Atoi(group(s, m, 1))
	b, _ := strconv.Atoi(group(s, m, 3))
	if a == 0 || b == 0 || a > 31 || b > 31 || a > 12 && b > 12 {
		return point{}, false
	}
	year, size := group(s, m, 4), m[9]
	p := month(year, b, size)
	switch {
	case b > 12:
		p = month(year, a, size)
		p.order = monthFirst
	case a > 12:
		p.order = dayFirst
	case group(s, m, 2) == "/":
		p.other = month(year, a, size).first
	}
	p.dayed, p.day, p.otherDay = true, a, b
	return p, true
}

// shortPoint reads 03/20 and, as Chinese resumes have it, 17.01.
func shortPoint(s string) (point, bool) {
	m := shortDate.FindStringSubmatchIndex(s)
	if m == nil {
		return point{}, false
	}
	a, _ := strconv.Atoi(group(s, m, 1))
	b, _ := strconv.Atoi(group(s, m, 3))
	twoDigits, slash := m[3]-m[2] == 2, group(s, m, 2) == "/"
	byYear := point{}
	if b >= 1 && b <= 12 && twoDigits && !slash {
		byYear = month(century(group(s, m, 1)), b, m[7])
		byYear.short, byYear.order = true, yearFirst
	}
	if a < 1 || a > 12 || !twoDigits && !slash {
		return byYear, byYear.short
	}
	p := month(century(group(s, m, 3)), a, m[7])
	p.short, p.other = true, byYear.first
	return p, true
}

// settleOrder settles which number of a point is the month where either can be, by the other end of the time: an end whose order is plain
// tells, then days that are the first of a month, then the order in which the time does not run backwards.
func settleOrder(s string, first, last point) (a, b point) {
	flip := func(p point) point {
		if p.other != "" {
			p.first, p.last = p.other, p.other
		}
		return p
	}
	backwards := last.first < first.first && flip(last).first >= flip(first).first
	open := first.other != "" && last.other != ""
	switch {
	case first.order == yearFirst || last.order == yearFirst || first.order == monthFirst || last.order == monthFirst:
		return flip(first), flip(last)
	case first.short && open && (hasHan(s) || backwards), first.dayed && open && backwards:
		return flip(first), flip(last)
	case first.dayed && open && first.otherDay == 1 && last.otherDay == 1 && (first.day != 1 || last.day != 1):
		return flip(first), flip(last)
	}
	return first, last
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
	yy = strings.TrimLeft(yy, "'’")
	switch {
	case len(yy) == 4:
		return yy
	case yy >= "50":
		return "19" + yy
	}
	return "20" + yy
}

func quarterOf(mark, number, year string, size int) point {
	n, _ := strconv.Atoi(number)
	months := 3
	if strings.EqualFold(mark, "h") {
		months = 6
	}
	year = century(year)
	if n*months > 12 {
		return point{first: year, last: year, size: size}
	}
	return point{first: month(year, (n-1)*months+1, 0).first, last: month(year, n*months, 0).first, size: size}
}

func season(n int, year string, size int) point {
	if n == 4 {
		return point{first: year, last: year, size: size}
	}
	return point{first: month(year, 3*n, 0).first, last: month(year, 3*n+2, 0).first, size: size}
}
