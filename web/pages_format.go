package web

import (
	"errors"
	"fmt"
	"html/template"
	"io"
	"math"
	"mime"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/gapanalysis"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
	"github.com/gapwise/gapwise/tutor"
)

// pageFuncs are the words that templates may use.
var pageFuncs = template.FuncMap{
	"percent": percent, "points": func(share float64) int { return int(math.Round(share * 100)) }, "day": day, "moment": moment,
	"month": month, "level": catalog.LevelName, "levels": levels, "thousands": thousands, "plural": plural, "years": years,
	"join": func(list []string) string { return strings.Join(list, ", ") }, "status": statusWords, "section": sectionWords,
	"modes": tutor.Modes, "country": countryName, "percentile": percentileWords,
	"thousandths": thousandths, "signed": signed, "postings": postingsWords, "claim": claimWords,
	"capital": capital, "sentence": sentence, "firstSentence": firstSentence, "inField": inField, "part": func(values ...any) []any { return values }, "dict": dict, "searchWords": searchWords, "module": func(name string) bool { return strings.HasSuffix(name, ".mjs") },
}

// percent writes a share as a whole number of per cent.
func percent(share float64) string { return strconv.Itoa(int(math.Round(share*100))) + " %" }

// day writes a date such as 2026-11-24 in words; what is no date stays as it is.
func day(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return t.Format("2 January 2006")
}

// moment writes a time in words. It says UTC, as the server does not know where the reader is.
func moment(t time.Time) string { return t.UTC().Format("2 January 2006, 15:04 UTC") }

// month writes the end of a position: "2019-04", "2019", "present" or "".
func month(s string) string {
	if s == resume.Present || s == "" {
		return s
	}
	t, err := time.Parse("2006-01", s)
	if err != nil {
		return s
	}
	return t.Format("January 2006")
}

// levels are the levels that a person may choose.
func levels() []int {
	return []int{catalog.LevelAwareness, catalog.LevelNovice, catalog.LevelIntermediate, catalog.LevelAdvanced, catalog.LevelExpert}
}

// thousands groups the digits of a whole number of any type.
func thousands(n any) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// plural counts things.
func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// years writes a length of time without a needless decimal.
func years(n float64) string {
	s := strconv.FormatFloat(math.Round(n*10)/10, 'f', -1, 64)
	if s == "1" {
		return "1 year"
	}
	return s + " years"
}

func statusWords(s gapanalysis.Status) string {
	switch s {
	case gapanalysis.Have:
		return "Have it"
	case gapanalysis.Partial:
		return "Partly there"
	case gapanalysis.Transferable:
		return "Carries over"
	case gapanalysis.Missing:
		return "Missing"
	}
	return string(s)
}

// claimWords says what a level rests on.
func claimWords(s skill.Status) string {
	switch s {
	case skill.StatusRead:
		return "what the resume says"
	case skill.StatusConfirmed:
		return "your own word"
	case skill.StatusDemonstrated:
		return "a finished milestone with evidence, or right answers over a week"
	case skill.StatusRejected:
		return "nothing: you said that it is not so"
	}
	return string(s)
}

func sectionWords(s resume.SectionKind) string {
	if s == resume.SectionOther || s == "" {
		return "the text"
	}
	return string(s)
}

// countryName is for the countries that the catalogue's figures are from; another one keeps its code.
func countryName(code string) string {
	names := map[string]string{"US": "United States", "IN": "India", "DE": "Germany", "GB": "United Kingdom", "FR": "France", "CA": "Canada"}
	if n, ok := names[code]; ok {
		return n
	}
	return code
}

func percentileWords(p int) string {
	if p == 50 {
		return "median"
	}
	return "percentile " + strconv.Itoa(p)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// sentence ends a text with a full stop where it has no end yet.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" || strings.ContainsRune(".!?…", []rune(s)[len([]rune(s))-1]) {
		return s
	}
	return s + "."
}

// firstSentence is what a text says at first, for a list.
func firstSentence(s string) string {
	if i := strings.Index(s, ". "); i > 0 {
		return s[:i+1]
	}
	return s
}

// inField tells whether a problem is about a field, which then says so beside itself.
func inField(p *Problem, field string) bool { return p != nil && p.Field == field }

// maxForm bounds a form without a file: a message of the longest length, every character percent-encoded, and then some.
const maxForm = 128 << 10

// form reads the fields of a form that was sent, with line ends as we write them. Fields that are not in names are refused, as in JSON.
func form(c *gin.Context, names ...string) (url.Values, error) {
	kind, _, err := mime.ParseMediaType(c.GetHeader("Content-Type"))
	if err != nil || kind != "application/x-www-form-urlencoded" {
		return nil, fault.New(fault.Unsupported, "not-a-form", "Send this as the form of the page does: application/x-www-form-urlencoded.")
	}
	raw, err := io.ReadAll(http.MaxBytesReader(c.Writer, c.Request.Body, maxForm))
	if err != nil {
		if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
			return nil, fault.Newf(fault.TooLarge, "body-too-large", "The form is over %d KB.", maxForm>>10)
		}
		return nil, fault.New(fault.Invalid, "malformed-form", "The form broke off. Send it again.").Because(err)
	}
	values, err := url.ParseQuery(string(raw))
	if err != nil {
		return nil, fault.New(fault.Invalid, "malformed-form", "The form cannot be read. Send it again.").Because(err)
	}
	for name, list := range values {
		if !slices.Contains(names, name) || len(list) > 1 {
			return nil, fault.New(fault.Invalid, "unknown-field", "The form has a field that this page does not know, or one twice. Open the page again.").In(fmt.Sprintf("%.60s", name))
		}
		values.Set(name, strings.ReplaceAll(list[0], "\r\n", "\n"))
	}
	return values, nil
}
