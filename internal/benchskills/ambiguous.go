package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/gapwise/gapwise/skill"
)

// Contexts of everyday words in the tree: those that the weights are fitted to, and those held out.
var contextFiles = []struct{ name, path string }{
	{"fitted to", filepath.Join("skill", "testdata", "ambiguous.tsv")},
	{"held out", filepath.Join("skill", "testdata", "ambiguous-held.tsv")},
	{"held out, written last", filepath.Join("skill", "testdata", "ambiguous-last.tsv")},
}

// ambiguousWords measures how everyday words that name a skill are told from it: what is kept of the uses as the skill, and of the others. The baseline
// keeps them all.
//
// First on the contexts of the tree, then on the published sentences of SkillSpan, for those words of the catalogue that were counted as
// misleading in real resumes: there a word inside a marked span of knowledge means the skill and one outside does not, which its annotators did
// not always hold to (headings and titles are not marked).
func ambiguousWords(_ context.Context, b *bench) ([]figure, error) {
	var out []figure
	for _, file := range contextFiles {
		t, err := b.contexts(file.path)
		if err != nil {
			return nil, err
		}
		out = append(out, t.figures("ambiguous, "+file.name, 0.9, 0.1)...)
	}
	t, err := b.published()
	if errors.Is(err, errMissing) {
		fmt.Fprintln(b.stderr, "ambiguous: left out:", err)
		return out, nil
	}
	if err != nil {
		return nil, err
	}
	return append(out, t.figures("ambiguous, SkillSpan", 0, 0)...), nil
}

// kept counts what was kept of uses as the skill and of others.
type kept struct{ yes, ofYes, no, ofNo int }

func (k *kept) add(means, found bool) {
	n := 0
	if found {
		n = 1
	}
	if means {
		k.yes, k.ofYes = k.yes+n, k.ofYes+1
	} else {
		k.no, k.ofNo = k.no+n, k.ofNo+1
	}
}

func (k *kept) figures(name string, floor, ceiling float64) []figure {
	share := func(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
	return []figure{
		{name: fmt.Sprintf("%s: true hits kept of %d", name, k.ofYes), naive: "1.000", got: share(k.yes, k.ofYes), must: floor, precision: 3},
		{name: fmt.Sprintf("%s: false hits kept of %d", name, k.ofNo), naive: "1.000", got: share(k.no, k.ofNo), must: ceiling, atMost: true, precision: 3},
	}
}

// contexts measures one file of the tree. Its lines are the skill, yes or no, the language, and a context in which the words that count stand in
// square brackets.
func (b *bench) contexts(path string) (*kept, error) {
	data, err := os.ReadFile(path) //nolint:gosec // G304: one of contextFiles
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", errMissing, path)
	}
	if err != nil {
		return nil, err
	}
	total, byWord := &kept{}, map[string]*kept{}
	for line := range strings.Lines(string(data)) {
		fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if strings.HasPrefix(line, "#") || len(fields) != 4 {
			continue
		}
		text, marks := unmark(strings.ReplaceAll(fields[3], `\n`, "\n"))
		means, found := fields[1] == "yes", covers(b.finder.Find(text), fields[0], marks)
		total.add(means, found)
		if byWord[fields[0]] == nil {
			byWord[fields[0]] = &kept{}
		}
		byWord[fields[0]].add(means, found)
	}
	if b.verbose { // by word alone: contexts that are held out are not for looking at
		for word, k := range byWord {
			if k.yes < k.ofYes || k.no > 0 {
				fmt.Fprintf(b.stderr, "%s: %s: true %d/%d, false %d/%d\n", path, word, k.yes, k.ofYes, k.no, k.ofNo)
			}
		}
	}
	return total, nil
}

// unmark takes the square brackets out of a context and gives the code points between them.
func unmark(marked string) (string, [][2]int) {
	var text []rune
	var marks [][2]int
	for _, r := range marked {
		switch {
		case r == '[':
			marks = append(marks, [2]int{len(text), len(text)})
		case r == ']' && len(marks) > 0:
			marks[len(marks)-1][1] = len(text)
		default:
			text = append(text, r)
		}
	}
	return string(text), marks
}

// covers tells whether a mention of the skill, or of any for "-", covers one of the marks.
func covers(mentions []skill.Mention, id string, marks [][2]int) bool {
	for _, m := range mentions {
		for _, at := range marks {
			if m.Start <= at[0] && at[1] <= m.End && (id == "-" || m.SkillID == id) {
				return true
			}
		}
	}
	return false
}

// ambiguous tells whether a word is a name in the catalogue that needs context.
func (b *bench) ambiguous(word string) bool {
	for _, s := range b.catalog.Skills() {
		for _, form := range s.Ambiguous {
			if strings.EqualFold(form, word) {
				return true
			}
		}
	}
	return false
}

// spanSentence is a sentence of SkillSpan.
type spanSentence struct {
	Tokens    []string `json:"tokens"`
	Knowledge [][2]int `json:"knowledge"`
}

// published measures the words that were counted as misleading on SkillSpan.
func (b *bench) published() (*kept, error) {
	words := map[string]bool{}
	if err := b.eachLine("ambiguous_words.jsonl", func(line []byte) error {
		var w struct {
			Word string `json:"word"`
		}
		err := json.Unmarshal(line, &w)
		if b.ambiguous(w.Word) {
			words[w.Word] = true
		}
		return err
	}); err != nil {
		return nil, err
	}
	total := &kept{}
	err := b.eachLine("dev_skillspan.jsonl", func(line []byte) error {
		var s spanSentence
		if err := json.Unmarshal(line, &s); err != nil {
			return err
		}
		b.sentence(&s, words, total)
		return nil
	})
	return total, err
}

func (b *bench) sentence(s *spanSentence, words map[string]bool, total *kept) {
	mentions := b.finder.Find(strings.Join(s.Tokens, " "))
	at := 0
	for i, token := range s.Tokens {
		end := at + len([]rune(token))
		if words[strings.ToLower(token)] {
			means := false
			for _, k := range s.Knowledge {
				means = means || i >= k[0] && i < k[1]
			}
			found, longer := false, false
			for _, m := range mentions {
				found = found || m.Start == at && m.End == end
				longer = longer || m.Start <= at && m.End >= end && m.End-m.Start > end-at
			}
			if !longer { // which is another question
				total.add(means, found)
			}
			if b.verbose && !longer && means != found {
				fmt.Fprintf(b.stderr, "SkillSpan: found %v: %q in %q\n", found, token, strings.Join(s.Tokens[max(0, i-8):min(len(s.Tokens), i+9)], " "))
			}
		}
		at = end + 1
	}
}

// eachLine calls do with each line of a development set.
func (b *bench) eachLine(name string, do func(line []byte) error) error {
	file, err := os.Open(filepath.Join(b.data, name)) //nolint:gosec // G304: a directory that whoever runs this names
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: %s", errMissing, name)
	}
	if err != nil {
		return err
	}
	defer file.Close()
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<22)
	for lines.Scan() {
		if err := do(lines.Bytes()); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return lines.Err()
}
