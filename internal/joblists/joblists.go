// Package joblists reads public lists of what jobs ask for, a job a line, and files those that name a title under the ten occupations of
// gapanalysis. It serves the fitting and the measuring of how resumes are filed, and is no part of the binary.
package joblists

import (
	"bufio"
	"fmt"
	"hash/fnv"
	"html"
	"os"
	"strings"

	"github.com/gapwise/gapwise/gapanalysis"
)

// List is one job's list.
type List struct {
	Titles  []string        // the entries that name the job or its like
	Skills  []string        // the rest
	Labels  map[string]bool // occupations that the titles say surely; empty for most lists
	HeldOut bool            // for measuring only: three in ten, by a hash of the list's content
}

// sure is what a title must say at least of an occupation to file a list under it.
const sure = 0.75

// Read reads a file of tab-separated lists, one a line. Equal lists count once.
func Read(path string) ([]List, error) {
	f, err := os.Open(path) //nolint:gosec // the path is the developer's own
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out []List
	seen := map[string]bool{}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		key := strings.ToLower(lines.Text())
		if seen[key] {
			continue
		}
		seen[key] = true
		out = append(out, parse(lines.Text()))
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	return out, nil
}

func parse(line string) List {
	l := List{Labels: map[string]bool{}}
	for entry := range strings.SplitSeq(html.UnescapeString(line), "\t") {
		entry = strings.TrimSpace(entry)
		if entry == "" {
			continue
		}
		says, isTitle := gapanalysis.TitleOccupations(entry)
		if !isTitle {
			l.Skills = append(l.Skills, entry)
			continue
		}
		l.Titles = append(l.Titles, entry)
		for o, v := range says {
			if v >= sure {
				l.Labels[o] = true
			}
		}
	}
	if elsewhere(line) {
		clear(l.Labels)
	}
	h := fnv.New32a()
	h.Write([]byte(strings.ToLower(strings.Join(l.Skills, "\t")))) // without titles, so that twins stay together
	l.HeldOut = h.Sum32()%10 < 3
	return l
}

// elsewhere is true for projects, networks and systems that are not of IT.
func elsewhere(line string) bool {
	line = strings.ToLower(line)
	for _, w := range []string{"civil", "construction", "interior", "hvac", "electrical", "mechanical", "sales", "hr ", "human resource", "real estate", "pharma", "hospital", "billing engineer", "site "} {
		if strings.Contains(line, w) {
			return true
		}
	}
	return false
}
