package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/labelled"
)

// notes is what a person wrote of one posting or one profile. Nothing of it comes from the product.
type notes struct {
	Number    int
	Families  []string   // the first is its own
	Rung      string     // junior, mid, senior, staff, lead or manager
	Musts     [][]string // of a posting: the ids of skills of which one is enough, for each must
	Languages []string   // beside English: that a profile has, or of which a posting needs one
}

// profileNotes are the notes of a profile with its resume.
type profileNotes struct {
	notes
	Resume *labelled.Resume
}

// postingNotes are the notes of a posting with its text.
type postingNotes struct {
	notes
	record
}

// record is a posting as the import reads it.
type record struct {
	Source      string `json:"source"`
	ExternalID  string `json:"external_id"`
	Title       string `json:"title"`
	Company     string `json:"company"`
	Location    string `json:"location"`
	Remote      string `json:"remote"`
	Seniority   string `json:"seniority"`
	PostedOn    string `json:"posted_on"`
	URL         string `json:"url"`
	Salary      string `json:"salary"`
	Description string `json:"description"`
}

func (r record) posted() time.Time {
	t, err := time.Parse(time.DateOnly, r.PostedOn)
	if err != nil {
		return time.Time{}
	}
	return t
}

// labels is the labelled set.
type labels struct {
	Profiles    []profileNotes
	Postings    []postingNotes
	corrections map[[2]int]int // by profile and posting
	Corrected   int            // pairs whose label a person changed, of Read
	Read        int            // pairs that a person read and settled
}

// loadLabels reads the notes, the texts they are of, and the corrections. samples are the postings of the catalogue.
func loadLabels(fsys fs.FS, resumes []*labelled.Resume, samples []byte) (*labels, error) {
	l := &labels{corrections: map[[2]int]int{}}
	profiles, err := rows(fsys, "profiles.tsv", 4)
	if err != nil {
		return nil, err
	}
	for _, row := range profiles {
		n, err := newNotes(row[0], row[1], row[2], "", row[3])
		if err != nil {
			return nil, err
		}
		if n.Number < 1 || n.Number > len(resumes) || !strings.HasPrefix(resumes[n.Number-1].Name, fmt.Sprintf("%02d-", n.Number)) {
			return nil, fmt.Errorf("profile %d has no resume", n.Number)
		}
		l.Profiles = append(l.Profiles, profileNotes{n, resumes[n.Number-1]})
	}
	composed, err := fs.ReadFile(fsys, "composed.jsonl")
	if err != nil {
		return nil, err
	}
	texts := bytes.Split(bytes.TrimSpace(append(append(bytes.TrimSpace(samples), '\n'), composed...)), []byte("\n"))
	for _, name := range []string{"samples.tsv", "composed.tsv"} {
		postings, err := rows(fsys, name, 5)
		if err != nil {
			return nil, err
		}
		for _, row := range postings {
			n, err := newNotes(row[0], row[1], row[2], row[3], row[4])
			if err != nil {
				return nil, err
			}
			p := postingNotes{notes: n}
			if n.Number != len(l.Postings)+1 || n.Number > len(texts) {
				return nil, fmt.Errorf("%s: posting %d is out of order", name, n.Number)
			}
			if err := json.Unmarshal(texts[n.Number-1], &p.record); err != nil {
				return nil, fmt.Errorf("posting %d: %w", n.Number, err)
			}
			l.Postings = append(l.Postings, p)
		}
	}
	return l, l.correct(fsys)
}

// correct reads what a person said of pairs that they read: profile, posting, label, and why.
func (l *labels) correct(fsys fs.FS) error {
	read, err := rows(fsys, "corrections.tsv", 4)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, row := range read {
		var n [3]int
		for i := range n {
			if n[i], err = strconv.Atoi(row[i]); err != nil {
				return fmt.Errorf("corrections.tsv: %w", err)
			}
		}
		if n[0] < 1 || n[0] > len(l.Profiles) || n[1] < 1 || n[1] > len(l.Postings) || n[2] < 0 || n[2] > 3 {
			return fmt.Errorf("corrections.tsv: no such pair or label: %v", n)
		}
		key := [2]int{n[0], n[1]}
		if _, twice := l.corrections[key]; twice {
			return fmt.Errorf("corrections.tsv: %v twice", key)
		}
		l.Read++
		if rubric(&l.Profiles[n[0]-1], &l.Postings[n[1]-1]) != n[2] {
			l.Corrected++
		}
		l.corrections[key] = n[2]
	}
	return nil
}

// of is the label of a pair.
func (l *labels) of(p *profileNotes, q *postingNotes) int {
	if v, ok := l.corrections[[2]int{p.Number, q.Number}]; ok {
		return v
	}
	return rubric(p, q)
}

// rows are the lines of a file of columns. A line that begins with # is a comment.
func rows(fsys fs.FS, name string, columns int) ([][]string, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return nil, err
	}
	var out [][]string
	for line := range strings.SplitSeq(string(data), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := strings.Split(line, "\t")
		if len(row) != columns {
			return nil, fmt.Errorf("%s: %d columns, want %d: %q", name, len(row), columns, line)
		}
		out = append(out, row)
	}
	return out, nil
}

func newNotes(number, families, rung, musts, languages string) (n notes, err error) {
	if n.Number, err = strconv.Atoi(number); err != nil {
		return n, err
	}
	n.Families, n.Rung = strings.Split(families, ","), rung
	if rungs[rung] == 0 {
		return n, fmt.Errorf("%s: no rung %q", number, rung)
	}
	if musts != "" {
		for must := range strings.SplitSeq(musts, ",") {
			n.Musts = append(n.Musts, strings.Split(must, "/"))
		}
	}
	if languages != "" {
		n.Languages = strings.Split(languages, "/")
	}
	return n, nil
}

// rungs are how senior each is.
var rungs = map[string]int{"junior": 1, "mid": 2, "senior": 3, "staff": 4, "lead": 4, "manager": 5}

// kin are families between which people move, beside those that the notes of a posting or profile name together.
var kin = []string{
	"backend fullstack", "frontend fullstack", "backend systems", "devops sre", "devops platform", "devops cloud", "sre platform", "sre cloud", "platform cloud",
	"sysadmin devops", "sysadmin network", "sysadmin support", "sysadmin cloud", "dba sysadmin", "dba data", "secops pentest", "secops appsec", "pentest appsec",
	"secops network", "android mobile", "ios mobile", "data analytics", "analytics da", "data ml", "ml ds", "ds da", "ml mlops", "mlops devops", "mlops platform",
	"ml ai", "ai backend", "embedded systems", "game systems", "pm manager", "cloud architect", "qa backend",
}

// relation is how near the families of two are: 2 the same, 1 near, 0 neither.
func relation(a, b []string) int {
	if a[0] == b[0] {
		return 2
	}
	for _, x := range a {
		for _, y := range b {
			if x == y && (x == a[0] || y == b[0]) || slices.Contains(kin, x+" "+y) && x == a[0] && y == b[0] || slices.Contains(kin, y+" "+x) && x == a[0] && y == b[0] {
				return 1
			}
		}
	}
	return 0
}

// coverage is the share of a posting's musts that a resume's labelled levels meet, and whether the first of them, which is what the job is
// mostly about, is met at all. Of a must for somebody junior level 2 is enough, for mid level 3, and for seniors level 4; one below gives most of it.
func coverage(p *profileNotes, q *postingNotes) (share float64, core bool) {
	if len(q.Musts) == 0 {
		return 0, false
	}
	need := min(rungs[q.Rung]+1, 4)
	for i, either := range q.Musts {
		level := 0
		for _, id := range either {
			level = max(level, p.Resume.Levels[id])
		}
		core = core || i == 0 && level > 1
		switch {
		case level >= need:
			share++
		case level == need-1 && level > 0:
			share += 0.7
		case level == need-2 && level > 0:
			share += 0.3
		}
	}
	return share / float64(len(q.Musts)), core
}

// rubric is the label of a pair, as docs/matching.md says it:
//
//	3  would apply today     2  worth an application     1  a stretch worth knowing of     0  no
func rubric(p *profileNotes, q *postingNotes) int {
	have, core := coverage(p, q)
	kind := relation(p.Families, q.Families)
	above := rungs[p.Rung] - rungs[q.Rung]
	apart := max(above, -above)
	label := 0
	switch {
	case kind == 2 && have >= 0.7 && apart <= 1:
		label = 3
	case kind == 2 && have >= 0.45 && apart <= 1, kind == 1 && have >= 0.7 && apart <= 1:
		label = 2
	case kind == 2 && have >= 0.2 && apart <= 2, kind == 1 && have >= 0.45 && apart <= 2:
		label = 1
	}
	switch {
	case !core && have < 0.5, above >= 2 && q.Rung == "junior":
		label = 0 // lacks what the job is mostly about, or is long past it
	case !core:
		label = min(label, 1)
	}
	if len(q.Languages) > 0 && !slices.ContainsFunc(q.Languages, func(l string) bool { return slices.Contains(p.Languages, l) }) {
		label = min(label, 1) // the posting cannot do without a language that the resume does not show
	}
	return label
}
