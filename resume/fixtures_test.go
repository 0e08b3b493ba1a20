package resume_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
	"unicode/utf8"

	"github.com/gapwise/gapwise/resume"
)

// What share of the fixtures' positions and sections must be right.
const (
	needPositions = 0.95
	needSections  = 0.95
)

// truth is what a careful person reads in a fixture. It was written by hand from the source and not from what is found.
type truth struct {
	File           string              `json:"file"`
	Language       string              `json:"language"`
	Pages          int                 `json:"pages"`        // 0 where the format has none
	WithoutText    []int               `json:"without_text"` // pages on which there is none
	AsOf           string              `json:"as_of"`        // the month in which it was handed in
	Months         int                 `json:"months"`       // of experience until then, overlaps once, first and last month included; 0 where years are given alone
	Sections       []trueSection       `json:"sections"`
	Positions      []truePosition      `json:"positions"`
	Education      []trueEducation     `json:"education"`
	Certifications []trueCertification `json:"certifications"`
	Links          []string            `json:"links"` // web addresses as a browser would open them
	Personal       []truePersonal      `json:"personal"`
	Absent         []string            `json:"absent"` // what is in the file and nobody sees, such as deleted text
	Once           []string            `json:"once"`   // what is seen once
}

// trueSection is a section. Heading is nil where the format names its parts, and "" where the writer put none. An optional section is one
// on which careful people differ, such as a block of contact data: it counts neither way.
type trueSection struct {
	Kind     resume.SectionKind `json:"kind"`
	Or       resume.SectionKind `json:"or"` // what it may be just as well
	Heading  *string            `json:"heading"`
	Begins   string             `json:"begins"` // the first words, where there is no heading
	Optional bool               `json:"optional"`
}

type truePosition struct {
	Title, Org, Start, End string
}

type trueEducation struct {
	Institution, Degree, Start, End string
}

type trueCertification struct {
	Name, Issuer string
	Year         int
}

type truePersonal struct {
	Kind resume.PersonalKind
	Text string
}

// score is how much of one kind of thing is right.
type score struct{ right, truth, found int }

// share is right / max(truth, found), so that inventing costs what missing does.
func (s score) share() float64 {
	if s.truth == 0 && s.found == 0 {
		return 1
	}
	return float64(s.right) / float64(max(s.truth, s.found))
}

// String shows the counts.
func (s score) String() string { return fmt.Sprintf("%d/%d", s.right, max(s.truth, s.found)) }

// plain is s without differences of case and white space, which are layout.
func plain(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), " ")) }

// compare counts the keys of found that are in want, each as often as it is there, and says which are not.
func compare(want, found []string) (s score, missing, extra []string) {
	s = score{truth: len(want), found: len(found)}
	left := slices.Clone(want)
	for _, f := range found {
		if i := slices.Index(left, f); i >= 0 {
			left = slices.Delete(left, i, i+1)
			s.right++
		} else {
			extra = append(extra, f)
		}
	}
	return s, left, extra
}

func keys[T any](of []T, key func(T) string) []string {
	out := make([]string, len(of))
	for i, v := range of {
		out[i] = key(v)
	}
	return out
}

// readTruths reads every fixture's truth.
func readTruths(t *testing.T) (names []string, truths []truth) {
	t.Helper()
	files, err := filepath.Glob("testdata/fixtures/*/truth.json")
	if err != nil {
		t.Fatal(err)
	}
	if len(files) < 20 {
		t.Fatalf("%d fixtures, want 20 or more", len(files))
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		dec := json.NewDecoder(strings.NewReader(string(data)))
		dec.DisallowUnknownFields()
		var tr truth
		if err := dec.Decode(&tr); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		names = append(names, filepath.Base(filepath.Dir(file)))
		truths = append(truths, tr)
	}
	return names, truths
}

// TestTruths checks that the truths are well formed, and that the months are those of the positions.
func TestTruths(t *testing.T) {
	t.Parallel()
	date := regexp.MustCompile(`^(\d{4}(-(0[1-9]|1[0-2]))?)?$`)
	kinds := []resume.SectionKind{
		resume.SectionHeader, resume.SectionSummary, resume.SectionExperience, resume.SectionEducation, resume.SectionSkills, resume.SectionProjects,
		resume.SectionCertifications, resume.SectionPublications, resume.SectionAwards, resume.SectionInterests, resume.SectionOther,
	}
	personal := []resume.PersonalKind{
		resume.PersonalName, resume.PersonalEmail, resume.PersonalPhone, resume.PersonalAddress, resume.PersonalLink, resume.PersonalBirthDate,
	}
	names, truths := readTruths(t)
	for i, tr := range truths {
		t.Run(names[i], func(t *testing.T) {
			t.Parallel()
			if info, err := os.Stat(filepath.Join("testdata/fixtures", names[i], tr.File)); err != nil || info.Size() > 60<<10 {
				t.Errorf("the file: %v, %v", info, err)
			}
			if len(tr.Positions) < 2 || len(tr.Sections) < 2 || len(tr.Language) != 2 {
				t.Errorf("%d positions, %d sections, language %q", len(tr.Positions), len(tr.Sections), tr.Language)
			}
			for _, s := range tr.Sections {
				if !slices.Contains(kinds, s.Kind) || s.Or != "" && !slices.Contains(kinds, s.Or) || s.Heading != nil && (*s.Heading == "") == (s.Begins == "") {
					t.Errorf("section %+v", s)
				}
			}
			for _, p := range tr.Positions {
				if p.Title == "" || p.Org == "" || !date.MatchString(p.Start) || p.End != resume.Present && (!date.MatchString(p.End) || p.End < p.Start) {
					t.Errorf("position %+v", p)
				}
			}
			for _, e := range tr.Education {
				if e.Institution == "" || e.Degree == "" || !date.MatchString(e.Start) || !date.MatchString(e.End) || e.End < e.Start {
					t.Errorf("education %+v", e)
				}
			}
			for _, c := range tr.Certifications {
				if c.Name == "" || c.Year != 0 && (c.Year < 1990 || c.Year > 2100) {
					t.Errorf("certification %+v", c)
				}
			}
			for _, l := range tr.Links {
				if !strings.HasPrefix(l, "https://") {
					t.Errorf("link %q", l)
				}
			}
			for _, p := range tr.Personal {
				if !slices.Contains(personal, p.Kind) || p.Text == "" {
					t.Errorf("personal %+v", p)
				}
			}
			if tr.Months > 0 && tr.Months != monthsOf(tr.Positions, tr.AsOf) {
				t.Errorf("%d months, and the positions have %d", tr.Months, monthsOf(tr.Positions, tr.AsOf))
			}
		})
	}
}

// monthsOf counts the months in which any of the positions was held, one by one.
func monthsOf(positions []truePosition, asOf string) int {
	held := map[string]bool{}
	for _, p := range positions {
		end := p.End
		if end == resume.Present {
			end = asOf
		}
		for at := p.Start; at <= end; {
			held[at] = true
			var year, month int
			if _, err := fmt.Sscanf(at, "%d-%d", &year, &month); err != nil {
				return -1
			}
			if month++; month > 12 {
				year, month = year+1, 1
			}
			at = fmt.Sprintf("%04d-%02d", year, month)
		}
	}
	return len(held)
}

// result is one fixture's scores.
type result struct {
	name                                                           string
	outcome                                                        resume.Outcome
	language                                                       string
	positions, sections, education, certifications, links, persons score
}

// TestFixtures reads our own resumes, whose truth is known, through the real reader, and counts what is right.
//
// A position is right when its title, organisation, start and end all are, but for case and white space. A section is right when its kind
// and heading are; where the writer put no heading, when its kind and first words are. The header, which has no heading, does not count.
// Order does not count. A score is right / max(true, found), over all fixtures together.
//
// Education, certificates, links and personal data are counted in the same way and shown; of personal data, every e-mail address and
// telephone number must be marked.
func TestFixtures(t *testing.T) {
	t.Parallel()
	names, truths := readTruths(t)
	results := make([]result, len(names))
	r := newReader()
	t.Run("read", func(t *testing.T) {
		for i, tr := range truths {
			t.Run(names[i], func(t *testing.T) {
				t.Parallel()
				data, err := os.ReadFile(filepath.Join("testdata/fixtures", names[i], tr.File))
				if err != nil {
					t.Fatal(err)
				}
				doc, err := r.Read(t.Context(), tr.File, data)
				if err != nil {
					t.Errorf("outcome %q: %v", resume.OutcomeOf(err), err)
				}
				if doc == nil {
					doc = &resume.Document{Outcome: resume.OutcomeOf(err)}
				} else if err == nil {
					checkDocument(t, doc)
					checkFound(t, doc)
					checkText(t, tr, doc)
				}
				results[i] = grade(t, tr, doc)
				results[i].name = names[i]
				checkMonths(t, tr, doc, results[i].positions)
			})
		}
	})
	total := sum(results)
	t.Log("\n" + table(append(results, total)))
	if got := total.positions.share(); got < needPositions {
		t.Errorf("%.1f %% of the positions are right (%v), and %.0f %% must be", 100*got, total.positions, 100*needPositions)
	}
	if got := total.sections.share(); got < needSections {
		t.Errorf("%.1f %% of the sections are right (%v), and %.0f %% must be", 100*got, total.sections, 100*needSections)
	}
}

// grade scores a document, and logs what is not right.
func grade(t *testing.T, tr truth, doc *resume.Document) result {
	t.Helper()
	count := func(what string, want, found []string) score {
		s, missing, extra := compare(want, found)
		for _, m := range missing {
			t.Logf("%s: missing %s", what, m)
		}
		for _, e := range extra {
			t.Logf("%s: extra   %s", what, e)
		}
		return s
	}
	position := func(title, org, start, end string) string {
		return fmt.Sprintf("%q at %q %s..%s", plain(title), plain(org), start, end)
	}
	personal := func(kind resume.PersonalKind, text string) string { return fmt.Sprintf("%s %q", kind, plain(text)) }
	wantSections, foundSections := sectionKeys(tr, doc)
	return result{
		outcome: doc.Outcome, language: doc.Language,
		positions: count("position",
			keys(tr.Positions, func(p truePosition) string { return position(p.Title, p.Org, p.Start, p.End) }),
			keys(doc.Positions, func(p resume.Position) string { return position(p.Title, p.Org, p.Start, p.End) })),
		sections: count("section", wantSections, foundSections),
		education: count("education",
			keys(tr.Education, func(e trueEducation) string { return position(e.Degree, e.Institution, e.Start, e.End) }),
			keys(doc.Education, func(e resume.Education) string { return position(e.Degree, e.Institution, e.Start, e.End) })),
		certifications: count("certification",
			keys(tr.Certifications, func(c trueCertification) string { return position(c.Name, c.Issuer, "", strconv.Itoa(c.Year)) }),
			keys(doc.Certifications, func(c resume.Certification) string { return position(c.Name, c.Issuer, "", strconv.Itoa(c.Year)) })),
		links: count("link", tr.Links, keys(doc.Links, func(l resume.Link) string { return strings.TrimSuffix(l.URL, "/") })),
		persons: count("personal",
			keys(tr.Personal, func(p truePersonal) string { return personal(p.Kind, p.Text) }),
			personalKeys(tr, doc, personal)),
	}
}

// personalKeys are the personal data found, each once: a name may stand on every page. A place that the truth does not have counts neither
// way, because people differ on whether a town alone is an address.
func personalKeys(tr truth, doc *resume.Document, key func(resume.PersonalKind, string) string) []string {
	want := keys(tr.Personal, func(p truePersonal) string { return key(p.Kind, p.Text) })
	var found []string
	for _, p := range doc.Personal {
		k := key(p.Kind, p.Text)
		if !slices.Contains(found, k) && (p.Kind != resume.PersonalAddress || slices.Contains(want, k)) {
			found = append(found, k)
		}
	}
	return found
}

// sectionKeys are the sections that count, in a form that can be compared.
func sectionKeys(tr truth, doc *resume.Document) (want, found []string) {
	text := []rune(doc.Text)
	taken := make([]bool, len(doc.Sections))
	same := func(s trueSection, i int) bool {
		f := doc.Sections[i]
		kind := f.Kind == s.Kind || f.Kind == s.Or || s.Optional && s.Kind == resume.SectionHeader && f.Kind == resume.SectionOther
		switch {
		case !kind:
			return false
		case s.Heading == nil:
			return true
		case *s.Heading != "":
			return plain(f.Heading) == plain(*s.Heading)
		default:
			return strings.HasPrefix(plain(string(text[f.Start:f.End])), plain(s.Begins))
		}
	}
	// Where a truth fits a section found, both get the same key; optional ones get none.
	for _, optional := range []bool{false, true} {
		for n, s := range tr.Sections {
			if s.Optional != optional {
				continue
			}
			at := 0
			for at < len(taken) && (taken[at] || !same(s, at)) {
				at++
			}
			key := fmt.Sprintf("%s %q #%d", s.Kind, cmp.Or(s.Begins, deref(s.Heading)), n)
			if !optional {
				want = append(want, key)
			}
			if at == len(taken) {
				continue
			}
			taken[at] = true
			if !optional {
				found = append(found, key)
			}
		}
	}
	for i, f := range doc.Sections {
		if taken[i] || f.Kind == resume.SectionHeader && f.Heading == "" || f.Start == f.End {
			continue
		}
		found = append(found, fmt.Sprintf("%s %q: %.40q", f.Kind, f.Heading, string(text[f.Start:f.End])))
	}
	return want, found
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// checkFound checks that what was found stands where its span says.
func checkFound(t *testing.T, doc *resume.Document) {
	t.Helper()
	text := []rune(doc.Text)
	n := utf8.RuneCountInString(doc.Text)
	at := func(what string, span [2]int) string {
		if span[0] < 0 || span[1] <= span[0] || span[1] > n {
			t.Errorf("%s spans %v of %d", what, span, n)
			return ""
		}
		return plain(string(text[span[0]:span[1]]))
	}
	for _, s := range doc.Sections {
		if s.Heading != "" && !strings.Contains(at("section", [2]int{s.Start, s.End}), plain(s.Heading)) {
			t.Errorf("section %q is not where its span says", s.Heading)
		}
	}
	for _, p := range doc.Positions {
		if got := at("position", p.Span); !strings.Contains(got, plain(p.Title)) {
			t.Errorf("position %q is not in %q", p.Title, got)
		}
	}
	for _, e := range doc.Education {
		if got := at("education", e.Span); !strings.Contains(got, plain(e.Degree)) && !strings.Contains(got, plain(e.Institution)) {
			t.Errorf("education %+v is not in %q", e, got)
		}
	}
	for _, c := range doc.Certifications {
		if got := at("certification", c.Span); !strings.Contains(got, plain(c.Name)) {
			t.Errorf("certification %q is not in %q", c.Name, got)
		}
	}
	for _, l := range doc.Links {
		at("link", l.Span)
	}
	for _, p := range doc.Personal {
		if got := at("personal", p.Span); got != plain(p.Text) {
			t.Errorf("personal %q is %q", p.Text, got)
		}
	}
}

// checkText checks the pages, the words that are hidden, and that every way to reach the person is marked.
func checkText(t *testing.T, tr truth, doc *resume.Document) {
	t.Helper()
	if tr.Pages > 0 && doc.Pages != tr.Pages {
		t.Errorf("%d pages, want %d", doc.Pages, tr.Pages)
	}
	for _, page := range tr.WithoutText {
		if !slices.ContainsFunc(doc.Warnings, func(w resume.Warning) bool { return w.Code == "page_without_text" && w.Page == page }) {
			t.Errorf("no warning that page %d has no text: %+v", page, doc.Warnings)
		}
	}
	if doc.Language != tr.Language {
		t.Errorf("language %q, want %q", doc.Language, tr.Language)
	}
	text := strings.Join(strings.Fields(doc.Text), " ")
	for _, s := range tr.Absent {
		if strings.Contains(text, s) {
			t.Errorf("%q is in the text", s)
		}
	}
	for _, s := range tr.Once {
		if n := strings.Count(text, s); n != 1 {
			t.Errorf("%q is %d times in the text", s, n)
		}
	}
	for _, p := range tr.Personal {
		if p.Kind != resume.PersonalEmail && p.Kind != resume.PersonalPhone {
			continue
		}
		if !slices.ContainsFunc(doc.Personal, func(f resume.Personal) bool {
			return f.Kind == p.Kind && strings.Contains(plain(f.Text), plain(p.Text))
		}) {
			t.Errorf("the %s %q is not marked: %+v", p.Kind, p.Text, doc.Personal)
		}
	}
}

// checkMonths checks the total of experience where the positions are right.
func checkMonths(t *testing.T, tr truth, doc *resume.Document, positions score) {
	t.Helper()
	if tr.Months == 0 || positions.share() < 1 {
		return
	}
	asOf, err := time.Parse("2006-01", tr.AsOf)
	if err != nil {
		t.Fatal(err)
	}
	if got := resume.Months(doc.Positions, asOf); got != tr.Months {
		t.Errorf("%d months of experience, want %d", got, tr.Months)
	}
}

func sum(results []result) result {
	total := result{name: "all"}
	for _, r := range results {
		for _, pair := range []struct {
			to   *score
			from score
		}{
			{&total.positions, r.positions},
			{&total.sections, r.sections},
			{&total.education, r.education},
			{&total.certifications, r.certifications},
			{&total.links, r.links},
			{&total.persons, r.persons},
		} {
			pair.to.right += pair.from.right
			// Sums of the larger of the two, so that what is missing in one fixture does not pay for what is invented in another.
			larger := max(pair.from.truth, pair.from.found)
			pair.to.truth += larger
			pair.to.found += larger
		}
	}
	return total
}

func table(results []result) string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "fixture\toutcome\tlanguage\tpositions\tsections\teducation\tcertificates\tlinks\tpersonal")
	for _, r := range results {
		fmt.Fprintf(w, "%s\t%s\t%s\t%v\t%v\t%v\t%v\t%v\t%v\n", r.name, r.outcome, r.language, r.positions, r.sections, r.education, r.certifications, r.links, r.persons)
	}
	w.Flush()
	return b.String()
}
