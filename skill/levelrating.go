package skill

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How far beside a mention a rating or a number of years is looked for, in code points.
const (
	ratedBefore = 90
	ratedAfter  = 48
)

// numerals are numbers of years as words.
const numerals = `two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|twenty|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|deux|trois|quatre|cinq|sept|huit|neuf|dix|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez`

// numeralValues are those numbers, in the same order, language by language.
var numeralValues = map[string]int{
	"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "twenty": 20,
	"zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10, "zwölf": 12,
	"deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "sept": 7, "huit": 8, "neuf": 9, "dix": 10,
	"dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "diez": 10,
}

var (
	yearWords = `(?:years?|yrs?\.?|y|jahren?|j\.|ans?|annees?|années?|años?|anos?|anni|jaar)`
	// yearsAfter is a number of years that follows a skill: "(5 years)", ": 8 yrs", "| 5 | 2026".
	yearsAfter = regexp.MustCompile(`(?i)^\s*[(\[:|,–—-]*\s*(?:over|more than|about|ca\.?|>|~|über|plus de|más de)?\s*(\d{1,2})(?:[.,]\d)?\s*\+?\s*` + yearWords + `(?:[^\p{L}]|$)`)
	// ofSomethingElse follows a number of years that belongs to what comes next: "Kafka, 8 years of Docker".
	ofSomethingElse = regexp.MustCompile(`(?i)^\s*(?:of|in|with|experience (?:with|in)|mit|d['’]|de|en|avec|con)\b`)
	// yearsBefore is one that leads to a skill: "8 years of", "10+ years of professional experience with".
	yearsBefore = regexp.MustCompile(`(?i)(?:^|[^\p{L}\p{N}.,])(\d{1,2}|` + numerals + `)\s*\+?\s*` + yearWords + `['’]?\s+(?:(?:of|in|with|using|on|for|as|an?|the|and|them|experience|exp|professional|commercial|hands-on|solid|strong|practical|production|working|work|development|developing|programming|writing|building|` +
		`erfahrung|berufserfahrung|mit|von|in|als|d['’]expérience|de|en|avec|experiencia|con|como|esperienza|experiência|com|ervaring|met|van)[\s:]+)*$`)
	// sinceAfter is the first year of use: "since 2015", "(seit 2012)".
	sinceAfter = regexp.MustCompile(`(?i)^\s*[(\[,:–—-]*\s*(?:since|seit|depuis|desde|dal|sinds)\s+(?:\w+\s+)?((?:19|20)\d\d)\b`)
	// pips are a rating in marks: "●●●●○", "★★★".
	pips = regexp.MustCompile(`^[\s:|(–—-]*([●★■⬤◆•]{1,10})\s?([○☆□◯◇]{0,9})`)
	// grade is one in numbers: "4/5", "8 / 10", "4 of 5", "80%", and a bare "4" where the section says that its numbers rate.
	grade     = regexp.MustCompile(`(?i)^[\s:|(–—-]*(\d{1,2})(?:[.,]\d)?\s*(?:/|out of|of|von|sur|de)\s*(5|10)\b`)
	percent   = regexp.MustCompile(`^[\s:|(–—-]*(\d{1,3})\s?%`)
	bareGrade = regexp.MustCompile(`^\s*:?\s*([1-5])(?:\s*[,;|.]|\s*$)`)
	// gradeBefore is a grade that opens a line: "4/5 Go, Rust".
	gradeBefore = regexp.MustCompile(`^\s*(\d{1,2})\s*/\s*(5|10)\s`)
	// numbersRate tells that the numbers of a section are ratings.
	numbersRate = regexp.MustCompile(`(?i)\b(?:my (?:own )?rating|self-rat\w*|rated|scale (?:of|from)|self-assess\w*|1 ?=|1 ?[-–] ?5|out of 5|selbsteinschätzung|skala|auto-?évaluation|autoevaluación|escala)\b`)
)

// fifths makes n of a number of marks a level, rounded up: who gives themself the lowest of five has seen it. 0 where it is no mark.
func fifths(n, of int) int {
	if of <= 0 || n <= 0 {
		return 0
	}
	return min(5, max(1, (n*5+of-1)/of))
}

// claimed is what a person says of a skill right beside it.
type claimed struct {
	rating int // NIH scale, 0 for none
	months int
}

// claimsBeside reads what is said beside a mention. line is the line that holds it, start and end the mention in it, list the place where the
// list begins that it is an item of, and numbers whether bare numbers rate.
func claimsBeside(line []rune, start, end, list int, numbers bool, asOf time.Time) claimed {
	var c claimed
	after := string(line[end:min(len(line), end+ratedAfter)])
	before := string(line[max(0, start-ratedBefore):start])
	lead := string(line[max(0, list-ratedBefore):list])
	c.months = monthsBeside(after, lead, asOf)
	c.rating = gradeBeside(after, string(line), numbers)
	if c.rating == 0 {
		c.rating = ratedAfterwards(after)
	}
	if c.rating == 0 {
		c.rating = ratedBy(before, lead)
	}
	return c
}

// digits tells what is worth looking for numbers in. The patterns are dear, and most mentions have none beside them.
const digits = "0123456789"

// monthsBeside is the time that a person says they have used a skill, in months, 0 where they say none.
func monthsBeside(after, lead string, asOf time.Time) int {
	if strings.ContainsAny(after, digits) {
		if m := yearsAfter.FindStringSubmatch(after); m != nil && !ofSomethingElse.MatchString(after[len(m[0]):]) {
			return 12 * number(m[1])
		}
		if m := sinceAfter.FindStringSubmatch(after); m != nil {
			return max(0, 12*(asOf.Year()-number(m[1]))+int(asOf.Month()))
		}
		if m := tableYears.FindStringSubmatch(after); m != nil {
			return 12 * number(m[1])
		}
	}
	lower := strings.ToLower(lead)
	if slices.ContainsFunc(yearStems, func(s string) bool { return strings.Contains(lower, s) }) {
		if m := yearsBefore.FindStringSubmatch(lower); m != nil {
			return 12 * number(m[1])
		}
	}
	return 0
}

// yearStems are the words for years, or the beginnings of them.
var yearStems = []string{"year", "yr", "jahr", " an", "añ", "jaar", "y "}

// gradeBeside is a rating in marks or numbers, 0 where there is none.
func gradeBeside(after, line string, numbers bool) int {
	if first := strings.TrimLeft(after, " :|(–—-"); strings.IndexAny(first, "●★■⬤◆•") == 0 {
		if m := pips.FindStringSubmatch(after); m != nil {
			full, empty := len([]rune(m[1])), len([]rune(m[2]))
			if full+empty >= 3 {
				return fifths(full, max(5, full+empty))
			}
		}
	}
	if strings.ContainsAny(after, digits) {
		if r := numbered(after, numbers); r > 0 {
			return r
		}
	}
	if opening := strings.TrimLeft(line, " "); opening != "" && strings.ContainsRune(digits, rune(opening[0])) {
		if m := gradeBefore.FindStringSubmatch(line); m != nil {
			return fifths(number(m[1]), number(m[2]))
		}
	}
	return 0
}

// tableYears is the column of years of a table with bars: "Go | 5 | 2026".
var tableYears = regexp.MustCompile(`^[^|\n]{0,30}\|\s*(\d{1,2})\s*\|\s*(?:19|20)\d\d`)

func numbered(after string, numbers bool) int {
	if m := grade.FindStringSubmatch(after); m != nil {
		return fifths(number(m[1]), number(m[2]))
	}
	if m := percent.FindStringSubmatch(after); m != nil && number(m[1]) <= 100 {
		return fifths(number(m[1]), 100)
	}
	if m := bareGrade.FindStringSubmatch(after); m != nil && numbers {
		return number(m[1])
	}
	return 0
}

// ratedAfterwards reads "Python (advanced)", "Go – expert", "Java: sehr gut".
func ratedAfterwards(after string) int {
	s := strings.TrimLeft(after, " .0123456789")
	open := strings.TrimLeft(s, "([:–—-| ")
	if open == s {
		return 0
	}
	if i := strings.IndexAny(open, ",;)|\n]"); i >= 0 {
		open = open[:i]
	}
	if len(levelTokens(open)) > 3 {
		return 0
	}
	return ratingOf(open)
}

// governing are the words by which a rating reaches the list that follows: "familiar with Kafka, Redis".
var governing = strings.Fields(`with in of von mit de en du des d' con del di com em met van über`)

// ratedBy reads the words that lead to a mention: right before it ("basic Kafka"), or before its list with a word that reaches over it.
func ratedBy(before, lead string) int {
	if i := strings.LastIndexAny(before, ",;\n.|:(/"); i >= 0 {
		before = before[i+1:]
	}
	tokens := levelTokens(before)
	if n := len(tokens); n > 0 && n <= 4 {
		if r := ratingOf(strings.Join(tokens[max(0, n-2):], " ")); r > 0 && r != 1 {
			return r
		}
	}
	if i := strings.LastIndexAny(lead, ",;\n.|:("); i >= 0 {
		lead = lead[i+1:]
	}
	words := levelTokens(lead)
	if n := len(words); n > 1 && slices.Contains(governing, words[n-1]) {
		return ratingOf(strings.Join(words[max(0, n-5):n-1], " "))
	}
	return 0
}

// number reads digits, or a number in words.
func number(s string) int {
	if n, ok := numeralValues[strings.ToLower(s)]; ok {
		return n
	}
	n, _ := strconv.Atoi(s) // of digits alone
	return n
}
