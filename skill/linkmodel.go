package skill

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed" // the trained model
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
)

// LinkModel is what the linker has learned; `make fit-linker` makes it.
type LinkModel struct {
	// Postings is how many sentences of job postings the counts were taken over, and Words what is known of each stem.
	Postings int
	Words    map[string]LinkWord
	// Memory holds, for an entry's address, the stems that speak for it beyond its own words, with their weights.
	Memory map[string][]Stand
	// Occupations is how many of ESCO's occupations ask for an entry, where several do.
	Occupations map[string]int
	Weights     LinkWeights
}

// LinkWord is what the model knows of a stem.
type LinkWord struct {
	Postings int     // how many sentences of job postings have it
	Stands   []Stand // the stems of names that it stands for, with the chance in (0, 1]; itself left out
}

// Stand is a stem that another stands for.
type Stand struct {
	Stem   string
	Weight float64
}

// LinkWeights are the weights of the features by name, for a phrase and for a sentence, and the line that turns a score into a chance.
type LinkWeights struct {
	Phrase   [NumLinkFeatures]float64
	Sentence [NumLinkFeatures]float64
	Slope    [2]float64 // of the chance, for a phrase and for a sentence
	Offset   [2]float64
}

// MarshalJSON implements json.Marshaler: weights by name, which a person can read.
func (w LinkWeights) MarshalJSON() ([]byte, error) {
	rows := make([]weightRow, 0, NumLinkFeatures)
	for i, name := range LinkFeatureNames() {
		rows = append(rows, weightRow{name, round4(w.Phrase[i]), round4(w.Sentence[i])})
	}
	return json.MarshalIndent(weightFile{rows, w.Slope, w.Offset}, "", "  ")
}

// UnmarshalJSON implements json.Unmarshaler. A feature that is not named weighs nothing.
func (w *LinkWeights) UnmarshalJSON(b []byte) error {
	var f weightFile
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	*w = LinkWeights{Slope: f.Slope, Offset: f.Offset}
	for _, row := range f.Features {
		for i, name := range LinkFeatureNames() {
			if name == row.Name {
				w.Phrase[i], w.Sentence[i] = row.Phrase, row.Sentence
			}
		}
	}
	return nil
}

type weightRow struct {
	Name     string  `json:"name"`
	Phrase   float64 `json:"phrase"`
	Sentence float64 `json:"sentence"`
}

type weightFile struct {
	Features []weightRow `json:"features"`
	Slope    [2]float64  `json:"slope"`
	Offset   [2]float64  `json:"offset"`
}

func round4(x float64) float64 { return math.Round(x*1e4) / 1e4 }

// score is the linear model's: between the two sets of weights by how much of a phrase the text is.
func (m *LinkModel) score(e Evidence) float64 {
	s := 0.0
	for i, x := range e.Features {
		s += x * (e.Phrase*m.Weights.Phrase[i] + (1-e.Phrase)*m.Weights.Sentence[i])
	}
	// The chance is folded in here: its line is monotone in the score of one text.
	slope := e.Phrase*m.Weights.Slope[0] + (1-e.Phrase)*m.Weights.Slope[1]
	return slope*s + e.Phrase*m.Weights.Offset[0] + (1-e.Phrase)*m.Weights.Offset[1]
}

// chance is the logistic function.
func (*LinkModel) chance(score float64) float64 { return 1 / (1 + math.Exp(-score)) }

//go:embed linkmodel/words.gz
var shippedWords []byte

//go:embed linkmodel/weights.json
var shippedWeights []byte

// shippedLinkModel is the model of this release. It is written by the trainer alone, so what it cannot read is a mistake of the build.
var shippedLinkModel = sync.OnceValue(func() *LinkModel {
	m, err := ReadLinkModel(bytes.NewReader(shippedWords), shippedWeights)
	if err != nil {
		panic("skill: the linker's model of this build: " + err.Error())
	}
	return m
})

// ShippedLinkModel is a copy of the model of this release, to leave something out of it and see what that is worth. The maps are shared.
func ShippedLinkModel() LinkModel { return *shippedLinkModel() }

// ReadLinkModel reads a model: gzipped lines of words, and the weights as JSON.
//
// The first line is the number of sentences. A line "w", tab, stem, tab, sentences, and then for each stem that it stands for a tab, the stem,
// a colon and the chance in thousandths, is a word. A line "m", tab, address, and stems with weights in tenths likewise is memory. A
// line "o", tab, address, tab, number counts occupations.
func ReadLinkModel(words io.Reader, weights []byte) (*LinkModel, error) {
	m := &LinkModel{Words: map[string]LinkWord{}, Memory: map[string][]Stand{}, Occupations: map[string]int{}}
	if err := json.Unmarshal(weights, &m.Weights); err != nil {
		return nil, err
	}
	unzipped, err := gzip.NewReader(words)
	if err != nil {
		return nil, err
	}
	in := bufio.NewScanner(unzipped)
	in.Buffer(nil, 1<<20)
	for line := 1; in.Scan(); line++ {
		fields := strings.Split(in.Text(), "\t")
		switch {
		case line == 1:
			m.Postings, err = strconv.Atoi(fields[0])
		case fields[0] == "w" && len(fields) >= 3:
			var w LinkWord
			if w.Postings, err = strconv.Atoi(fields[2]); err == nil {
				w.Stands, err = readStands(fields[3:], 1000)
			}
			m.Words[fields[1]] = w
		case fields[0] == "m" && len(fields) >= 2:
			m.Memory[fields[1]], err = readStands(fields[2:], 10)
		case fields[0] == "o" && len(fields) == 3:
			m.Occupations[fields[1]], err = strconv.Atoi(fields[2])
		default:
			err = fmt.Errorf("unknown line %q", fields[0])
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
	}
	return m, in.Err()
}

func readStands(fields []string, scale float64) ([]Stand, error) {
	out := make([]Stand, len(fields))
	for i, f := range fields {
		at := max(strings.LastIndexByte(f, ':'), 0)
		n, err := strconv.Atoi(f[at+1:])
		if at == 0 || err != nil {
			return nil, fmt.Errorf("no number in %q", f)
		}
		out[i] = Stand{f[:at], float64(n) / scale}
	}
	return out, nil
}
