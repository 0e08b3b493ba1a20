package resume

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// issuers are bodies that certify, folded, longer names before the shorter ones that they hold.
var issuers = []string{
	"amazon web services", "aws", "hashicorp", "microsoft", "oracle", "google cloud", "google", "cisco", "cncf", "linux foundation", "the linux foundation", "red hat", "comptia", "scrum.org",
	"scrum alliance", "pmi", "project management institute", "isc2", "(isc)2", "offsec", "offensive security", "giac", "snowflake", "databricks", "salesforce", "vmware", "coursera", "udemy", "udacity",
	"edx", "isaca", "axelos", "peoplecert", "ibm", "mongodb", "nvidia", "docker", "gitlab", "linkedin learning", "linkedin", "confluent", "elastic", "istqb", "deeplearning.ai", "freecodecamp", "sap",
	"ec-council", "juniper", "fortinet", "tuv", "ihk", "goethe-institut", "alliance francaise", "instituto cervantes", "cambridge english", "british council", "ets", "meta", "datacamp", "pluralsight",
}

// certified is what a certificate is called in a line outside of a section of them.
var certified = regexp.MustCompile(`(?i)\b(?:certified|certification|certificate|zertifi(?:kat|zierung|ziert)|certificat|certifi[ée]e?|certificaci[óo]n|certificad[oa]|certifica[çc][ãa]o|certificazione|certificaat)\b|认证|认證|認證|证书|證書`)

// byIssuer parts a name from who gave it.
var byIssuer = regexp.MustCompile(`(?i)\s+(?:issued\s+by|awarded\s+by|by|from|von|durch|par|por|da|door)\s+`)

// yearOnlyForm is a year or month that a certificate was given in.
var certDate = regexp.MustCompile(`(?i)(?:issued|earned|obtained|awarded|erworben|obtenu(?:e)?|since|valid\s+(?:until|through)|expires?|exp\.?)?\s*[:(]*\s*$`)

// findCertifications finds the certificates of a section of them, and of lines elsewhere that say so and are dated.
func findCertifications(rows []row, s *section) []Certification {
	rows, body := bodyOf(rows, s)
	var out []Certification
	if s.Kind != SectionCertifications {
		for i := body; i < len(rows); i++ {
			if c, ok := certificateIn(rows, i, s.Kind); ok {
				out = append(out, c)
			}
		}
		return out
	}
	bullets := 0
	for i := body; i < len(rows); i++ {
		if bulleted(rows[i].text) {
			bullets++
		}
	}
	grouped, open := datedApart(rows[body:]), false
	joined := !grouped && datedBehind(rows[body:])
	for i := body; i < len(rows); i++ {
		r := &rows[i]
		if r.running || len(r.text) > maxDated || !certificateLike(r) {
			continue
		}
		if grouped {
			out, open = addLine(out, open, r)
			continue
		}
		if last := len(out) - 1; last >= 0 && followsOn(rows, i, &out[last], bullets > 0) {
			completes(&out[last], r)
			continue
		}
		if joined && i+1 < len(rows) && wraps(rows, i) {
			c := readCertificate(unbullet(strings.Join(r.cells, " ") + " " + strings.Join(rows[i+1].cells, " ")))
			c.Span = [2]int{r.Start, rows[i+1].End}
			out = append(out, c)
			i++
			continue
		}
		for _, part := range certificateParts(r) {
			c := readCertificate(part)
			if c.Name != "" {
				c.Span = [2]int{r.Start, r.End}
				out = append(out, c)
			}
		}
	}
	return out
}

// pageNumber is a foot of a page.
var pageNumber = regexp.MustCompile(`(?i)^(?:page|seite|página|pagina|第)?\s*\d{1,3}\s*(?:(?:/|of|von|de|di|van|sur)\s*\d+|页|頁)?$`)

// certificateLike is true for a row that can name a certificate, its giver or its date: short, and no sentence.
func certificateLike(r *row) bool {
	text := unbullet(r.text)
	first, _ := utf8.DecodeRuneInString(text)
	if len(strings.Fields(text)) > 4 && strings.HasSuffix(text, ".") && strings.Contains(text, " of ") || pageNumber.MatchString(text) {
		return false
	}
	return text != "" && len(strings.Fields(text)) <= 2*leadWords && !unicode.IsLower(first) && !sentenceEnd.MatchString(text) && !strings.Contains(text, "@")
}

// datedApart is true for certificates of several lines each, of which one is nothing but the date.
func datedApart(rows []row) bool {
	alone, other := 0, 0
	for i := range rows {
		if bulleted(rows[i].text) {
			return false
		}
		d, ok := findDate(rows[i].text)
		if ok && len(trimMarks(certDate.ReplaceAllString(rows[i].text[:d.from], "")+rows[i].text[d.to:])) < 2 {
			alone++
		} else if ok {
			return false
		} else if certificateLike(&rows[i]) {
			other++
		}
	}
	return alone > 0 && alone*2 <= other && other <= alone*4
}

// datedBehind is true for certificates of which each ends in its date.
func datedBehind(rows []row) bool {
	behind, before := 0, 0
	for i := range rows {
		if d, ok := findDate(rows[i].text); ok && len(rows[i].text)-d.to <= 1 {
			behind++
		} else if ok {
			before++
		}
	}
	return behind > before
}

// wraps is true for a row that goes on in the next, in a narrow column: of certificates that end in their dates it has none.
func wraps(rows []row, i int) bool {
	if _, dated := findDate(rows[i].text); dated || bulleted(rows[i+1].text) || rows[i+1].apart || len(rows[i].text) > wideRow {
		return false
	}
	d, dated := findDate(rows[i+1].text)
	return dated && len(rows[i+1].text)-d.to <= 1
}

// addLine takes a row to certificates of several lines: the name, who gave it, and the date that ends it.
func addLine(out []Certification, open bool, r *row) ([]Certification, bool) {
	if !open {
		c := readCertificate(strings.Join(r.cells, " | "))
		c.Span = [2]int{r.Start, r.End}
		if c.Name == "" {
			return out, false
		}
		return append(out, c), c.Year == 0
	}
	last := &out[len(out)-1]
	completes(last, r)
	return out, last.Year == 0
}

// certificateIn is a certificate in a line of another section: short, with a word for it, and dated; in experience only as a list item of
// no more than a name.
func certificateIn(rows []row, i int, kind SectionKind) (Certification, bool) {
	r := &rows[i]
	if kind == SectionExperience || kind == SectionProjects || kind == SectionSummary || kind == SectionEducation && isDegree(r.text) && isSchool(r.text) || len(r.text) > 160 || !hasYear(r.text) {
		return Certification{}, false
	}
	issued := kind == SectionEducation && certifiedByName(r.text) && !isSchool(r.text) // "Scrum Master (Scrum.org)" among courses
	if !issued && !certified.MatchString(r.text) {
		return Certification{}, false
	}
	if _, ok := findDate(r.text); !ok || strings.HasSuffix(r.text, ".") {
		return Certification{}, false
	}
	if kind == SectionEducation && !certifiedByName(r.text) {
		return Certification{}, false
	}
	c := readCertificate(strings.Join(r.cells, " | "))
	c.Span = [2]int{r.Start, r.End}
	return c, c.Name != ""
}

func certifiedByName(s string) bool {
	f := fold(s)
	return strings.Contains(f, "certified") || slices.ContainsFunc(issuers, func(is string) bool { return hasPhrase(f, is) })
}

func hasPhrase(s, phrase string) bool {
	i := strings.Index(s, phrase)
	if i < 0 {
		return false
	}
	end := i + len(phrase)
	return (i == 0 || !isWordByte(s[i-1])) && (end == len(s) || !isWordByte(s[end]))
}

func isWordByte(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' }

// followsOn is true for a row that says more of the certificate above it: who gave it, or when.
func followsOn(rows []row, i int, last *Certification, bullets bool) bool {
	r := &rows[i]
	if bulleted(r.text) || bullets && !r.apart {
		return !bulleted(r.text)
	}
	if d, ok := findDate(r.text); ok && trimMarks(r.text[:d.from]+r.text[d.to:]) == "" || ok && certDate.MatchString(r.text[:d.from]) && trimMarks(r.text[d.to:]) == "" && len(r.text[:d.from]) < 20 {
		return last.Year == 0
	}
	if last.Issuer != "" || certified.MatchString(r.text) {
		return false
	}
	f := fold(strings.TrimRight(r.text, "."))
	for _, is := range issuers {
		if strings.HasPrefix(f, is) && len(f) < len(is)+12 {
			return true
		}
	}
	l, _ := labelled(r.text)
	return l == labelOrg || l == labelDate || strings.HasPrefix(f, "issued") || strings.HasPrefix(f, "credential")
}

// completes adds to a certificate what the row below it says.
func completes(c *Certification, r *row) {
	text := r.text
	if d, ok := findDate(text); ok {
		if c.Year == 0 {
			c.Year = yearOfDate(d)
		}
		text = trimMarks(certDate.ReplaceAllString(text[:d.from], "") + text[d.to:])
	}
	if _, rest := labelled(text); rest != text {
		text = rest
	}
	text = strings.TrimSpace(byIssuer.ReplaceAllString(" "+text, ""))
	if c.Issuer == "" && text != "" && len(strings.Fields(text)) <= 8 && !strings.HasPrefix(fold(text), "credential") {
		c.Issuer = trimMarks(text)
	}
	c.Span[1] = r.End
}

// certificateParts parts a row that lists several certificates; most rows are one.
func certificateParts(r *row) []string {
	text := unbullet(strings.Join(r.cells, " | "))
	if items := splitAt(text, []string{"; ", " • ", " · "}); len(items) > 1 && len(r.cells) == 1 {
		dated := 0
		for _, it := range items {
			if _, ok := findDate(it); ok || certified.MatchString(it) {
				dated++
			}
		}
		if dated == len(items) {
			return items
		}
	}
	if items := splitDatedList(text); len(items) > 1 {
		return items
	}
	return []string{text}
}

// splitDatedList parts "CKA (2021), RHCE (2017)".
func splitDatedList(s string) []string {
	var out []string
	for {
		i := strings.Index(s, "), ")
		if i < 0 || !strings.Contains(s[i+3:], "(") {
			return append(out, s)
		}
		out = append(out, s[:i+1])
		s = s[i+3:]
	}
}

// readCertificate reads the name, the giver and the year of a certificate in a line.
func readCertificate(s string) (c Certification) {
	if d, ok := findDate(s); ok {
		c.Year = yearOfDate(d)
		before, after := certDate.ReplaceAllString(s[:d.from], ""), s[d.to:]
		s = strings.TrimRight(before, " ([,") + " | " + strings.TrimLeft(strings.TrimLeft(after, " )]"), ",")
	}
	parts := splitAt(s, []string{" | ", "| ", " |", " — ", "— ", " – ", " - ", " · ", " • "})
	if len(parts) == 0 {
		return c
	}
	if head, issuer, ok := cutMatch(parts[0], byIssuer); ok && len(parts) == 1 {
		parts = []string{head, issuer}
	}
	c.Name = trimMarks(parts[0])
	rest := parts[1:]
	if len(rest) > 0 {
		if level, more, _ := strings.Cut(rest[0], ", "); isLevel(level) { // "Solutions Architect – Associate, Amazon"
			if at := strings.Index(s, rest[0]); at > 0 {
				c.Name = strings.TrimLeft(strings.TrimSpace(s[:at]), "| ") + " " + level
			}
			rest = rest[1:]
			if more != "" {
				rest = append([]string{more}, rest...)
			}
		}
	}
	if isIssuer(c.Name) && len(rest) > 0 {
		c.Issuer, c.Name, rest = c.Name, trimMarks(rest[0]), rest[1:]
	}
	for _, p := range rest {
		switch {
		case c.Issuer == "" && !strings.HasPrefix(fold(p), "credential") && len(strings.Fields(p)) <= 8:
			c.Issuer = trimMarks(byIssuer.ReplaceAllString(" "+p, ""))
		}
	}
	if c.Issuer == "" {
		c.Name, c.Issuer = issuerBehindComma(c.Name)
	}
	if strings.ContainsFunc(c.Name, unicode.IsLetter) {
		return c
	}
	return Certification{}
}

func cutMatch(s string, re *regexp.Regexp) (head, tail string, ok bool) {
	m := re.FindStringIndex(s)
	if m == nil {
		return s, "", false
	}
	return s[:m[0]], s[m[1]:], true
}

// issuerBehindComma parts "CKA, CNCF" and "Scrum Master (Scrum.org)".
func issuerBehindComma(s string) (name, issuer string) {
	if i := strings.LastIndex(s, ", "); i > 0 && len(strings.Fields(s[i:])) <= 5 {
		return trimMarks(s[:i]), trimMarks(s[i+2:])
	}
	if i := strings.LastIndexByte(s, '('); i > 0 && strings.HasSuffix(s, ")") && isIssuer(s[i+1:len(s)-1]) {
		return trimMarks(s[:i]), s[i+1 : len(s)-1]
	}
	return s, ""
}

func isIssuer(s string) bool {
	return slices.Contains(issuers, fold(s))
}

func isLevel(s string) bool {
	switch fold(s) {
	case "associate", "professional", "foundation", "foundational", "specialty", "expert", "practitioner", "advanced", "level i", "level ii", "level iii", "fundamentals":
		return true
	}
	return false
}

func yearOfDate(d dateRange) int {
	y, _ := strconv.Atoi(d.start[:4])
	return y
}
