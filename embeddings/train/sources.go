package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gapwise/gapwise/embeddings/model"
)

// sources are the files that the model is trained on.
type sources struct {
	lists       [][]string // folded skills of a job, no two alike
	skills      []escoSkill
	occupations []occupation
	technology  []technology
	topics      []topic
}

type escoSkill struct {
	Label string   `json:"label"`
	Alts  []string `json:"alts"`
	Desc  string   `json:"desc"`
}

// occupation is an ESCO occupation; those whose skills are held out have none.
type occupation struct {
	Label     string   `json:"label"`
	Alts      []string `json:"alts"`
	ISCO      string   `json:"isco"`
	dev       bool     // stands in the development set of its kind, by whole unit groups
	essential []string
	optional  []string
}

// technology is an O*NET occupation with what it uses: name, kind of product, and whether it is in demand.
type technology struct {
	Title string      `json:"title"`
	Tech  [][3]string `json:"tech"`
}

type topic struct {
	Topic string `json:"topic"`
	Name  string `json:"name"`
	Desc  string `json:"desc"`
}

// readSources reads them all from a directory.
func readSources(dir string) (*sources, error) {
	s := &sources{}
	text, err := os.ReadFile(filepath.Join(dir, "job_skill_lists.txt")) //nolint:gosec // G304: the person who trains names the directory
	if err != nil {
		return nil, err
	}
	for line := range strings.Lines(string(text)) {
		var list []string
		seen := map[string]bool{}
		for name := range strings.SplitSeq(line, "\t") {
			if f := model.Fold(name); f != "" && !seen[f] {
				seen[f] = true
				list = append(list, f)
			}
		}
		s.lists = append(s.lists, list)
	}
	if s.skills, err = jsonLines[escoSkill](dir, "esco_skills_v110.jsonl"); err != nil {
		return nil, err
	}
	if s.occupations, err = jsonLines[occupation](dir, "esco_occupations_v110.jsonl"); err != nil {
		return nil, err
	}
	if s.technology, err = jsonLines[technology](dir, "onet_technology.jsonl"); err != nil {
		return nil, err
	}
	if s.topics, err = jsonLines[topic](dir, "explore_topics.jsonl"); err != nil {
		return nil, err
	}
	type asked struct {
		Occupation string   `json:"occupation"`
		Essential  []string `json:"essential"`
		Optional   []string `json:"optional"`
		Dev        bool     `json:"dev"`
	}
	rows, err := jsonLines[asked](dir, "esco_occupation_skills.jsonl")
	if err != nil {
		return nil, err
	}
	byLabel := map[string]asked{}
	for _, r := range rows {
		byLabel[r.Occupation] = r
	}
	for i := range s.occupations {
		r := byLabel[s.occupations[i].Label]
		s.occupations[i].essential, s.occupations[i].optional, s.occupations[i].dev = r.Essential, r.Optional, r.Dev
	}
	return s, nil
}

func jsonLines[T any](dir, name string) ([]T, error) {
	data, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // G304: as above
	if err != nil {
		return nil, err
	}
	in := bufio.NewScanner(bytes.NewReader(data))
	in.Buffer(nil, 16<<20)
	var out []T
	for in.Scan() {
		var row T
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			return nil, fmt.Errorf("%s, line %d: %w", name, len(out)+1, err)
		}
		out = append(out, row)
	}
	return out, in.Err()
}
