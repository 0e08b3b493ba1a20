// Package tagtrain trains the tagger of package skill from published data and cross-validates it. It is no part of the service.
package tagtrain

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gapwise/gapwise/skill"
)

// Sentence is one of SkillSpan's, with the gold spans of knowledge as half-open ranges of tokens.
type Sentence struct {
	Post   int      `json:"post"`
	Source string   `json:"source"` // tech or house
	Tokens []string `json:"tokens"`
	Gold   [][2]int `json:"knowledge"`
}

// Text is the sentence as it is read: tokens with single spaces between them.
func (s *Sentence) Text() string { return strings.Join(s.Tokens, " ") }

// Spans are the gold spans in code points of Text.
func (s *Sentence) Spans() [][2]int {
	starts := make([]int, len(s.Tokens)+1)
	for i, t := range s.Tokens {
		starts[i+1] = starts[i] + len([]rune(t)) + 1
	}
	out := make([][2]int, len(s.Gold))
	for i, g := range s.Gold {
		out[i] = [2]int{starts[g[0]], starts[g[1]] - 1}
	}
	return out
}

// Domain is the sentence's source as the tagger's features know it.
func (s *Sentence) Domain() uint32 {
	if s.Source == "tech" {
		return skill.DomainTech
	}
	return skill.DomainHouse
}

// The files that training reads.
const (
	sentencesFile = "dev_skillspan.jsonl"
	escoFile      = "esco_skills_v110.jsonl"
	trainedFile   = "esco_occupations_v110.jsonl"
	onetFile      = "onet_technology.jsonl"
	topicsFile    = "explore_topics.jsonl"
	listsFile     = "job_skill_lists.txt"
	linksFile     = "dev_esco_link.jsonl"
)

// Sentences reads the labelled sentences of a data directory.
func Sentences(dir string) ([]Sentence, error) {
	return rows[Sentence](dir, sentencesFile)
}

// rows reads a file of JSON Lines.
func rows[T any](dir, name string) ([]T, error) {
	data, err := os.ReadFile(filepath.Join(dir, name)) //nolint:gosec // G304: the data directory is the caller's
	if err != nil {
		return nil, err
	}
	var out []T
	dec := json.NewDecoder(bytes.NewReader(data))
	for dec.More() {
		var row T
		if err := dec.Decode(&row); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out = append(out, row)
	}
	return out, nil
}

// lists reads a file of tab-separated lists.
func lists(dir, name string) ([][]string, error) {
	f, err := os.Open(filepath.Join(dir, name)) //nolint:gosec // G304: the data directory is the caller's
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	var out [][]string
	in := bufio.NewScanner(f)
	in.Buffer(nil, 1<<20)
	for in.Scan() {
		out = append(out, strings.Split(in.Text(), "\t"))
	}
	return out, in.Err()
}

// Checksum is that of all that training depends on: the data, the version of the features and the options.
func Checksum(dir string) ([32]byte, error) {
	h := sha256.New()
	h.Write(skill.TaggerVersion())
	fmt.Fprintf(h, "%+v", Options())
	for _, name := range []string{sentencesFile, escoFile, trainedFile, onetFile, topicsFile, listsFile, linksFile} {
		f, err := os.Open(filepath.Join(dir, name)) //nolint:gosec // G304: the data directory is the caller's
		if err != nil {
			return [32]byte{}, err
		}
		_, err = io.Copy(h, f)
		if closeErr := f.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return [32]byte{}, err
		}
	}
	return [32]byte(h.Sum(nil)), nil
}
