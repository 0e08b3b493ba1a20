// Command fitlink trains the linker: which words stand for which, what speaks for an entry beyond its own words, and the weights of the
// features. It writes skill/linkmodel and prints what the development sets say of it. `make fit-linker` runs it.
//
// Nothing is learned from what is reported: the held-out forms, descriptions and sentences are taken out before the words are learned, and the
// weights are fitted on one half of the cases and reported on the other.
package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/linkdev"
	"github.com/gapwise/gapwise/skill"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "fitlink:", err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	fs := flag.NewFlagSet("fitlink", flag.ContinueOnError)
	data := fs.String("data", filepath.Join("..", "shared", "data"), "directory of the development sets")
	out := fs.String("out", filepath.Join("skill", "linkmodel"), "directory to write to; nothing is written where it is empty")
	drop := fs.String("drop", "", "name of a feature to leave out, to see what it is worth")
	if err := fs.Parse(args); err != nil {
		return err
	}
	start := time.Now()
	stage := func(what string) { fmt.Fprintf(stderr, "%5.1f s %s\n", time.Since(start).Seconds(), what) }
	concepts, err := linkdev.ESCO(*data)
	if err != nil {
		return err
	}
	split, err := linkdev.HoldOut(*data, concepts)
	if err != nil {
		return err
	}
	sentences, err := linkdev.Sentences(*data, "skillskape_train")
	if err != nil {
		return err
	}
	postings, err := linkdev.Postings(*data)
	if err != nil {
		return err
	}
	m := &skill.LinkModel{Postings: len(postings), Words: learnWords(split.Concepts, sentences, postings)}
	if m.Occupations, err = linkdev.Occupations(*data, concepts); err != nil {
		return err
	}
	whole := remember(sentences)
	m.Memory = half(whole) // as it will be for most of a taxonomy: what speaks for an entry is known of some
	sets, err := gather(*data, split, m)
	if err != nil {
		return err
	}
	stage("words learned and taxonomies indexed")
	for _, s := range sets {
		s.measure()
		stage(s.name)
	}
	fit(sets, &m.Weights, *drop)
	stage("fitted")
	for _, s := range sets {
		fmt.Fprintln(stdout, s.report(&m.Weights))
	}
	for _, least := range []float64{0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9} {
		for _, s := range sets {
			fmt.Fprintf(stdout, "%-26s %s\n", s.name, sure([]*set{s}, &m.Weights, least))
		}
	}
	if *out == "" {
		return nil
	}
	m.Memory = whole
	weights, err := json.MarshalIndent(m.Weights, "", "  ")
	if err != nil {
		return err
	}
	var words bytes.Buffer
	if err := writeWords(&words, m); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(*out, "words.gz"), words.Bytes(), 0o600); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(*out, "weights.json"), append(weights, '\n'), 0o600)
}

// gather makes the sets of cases with the taxonomy of each.
func gather(data string, split *linkdev.Split, m *skill.LinkModel) ([]*set, error) {
	c, err := catalog.Load()
	if err != nil {
		return nil, err
	}
	esco := skill.NewLinkerOf(split.Concepts, m)
	dev, err := linkdev.Sentences(data, "skillskape_dev")
	if err != nil {
		return nil, err
	}
	aliases, err := linkdev.Aliases(data)
	if err != nil {
		return nil, err
	}
	sets := []*set{
		{name: "esco named in postings", linker: esco, concepts: split.Concepts, cases: split.Named, weight: 1, known: true},
		{name: "esco alternatives", linker: esco, concepts: split.Concepts, cases: split.Alternatives, weight: 0.7, even: true, known: true},
		{name: "esco descriptions", linker: esco, concepts: split.Concepts, cases: split.Described, weight: 0.5, even: true, known: true},
		{name: "skillskape dev", linker: esco, concepts: split.Concepts, cases: dev, weight: 1},
	}
	own, held := linkdev.HoldAliases(skill.CatalogConcepts(c))
	sets = append(sets, &set{name: "catalogue aliases", linker: skill.NewLinkerOf(own, m), concepts: own, cases: held, weight: 0.4, even: true, known: true})
	for _, name := range []string{"explore", "stackoverflow"} {
		concepts, cases := linkdev.AliasCases(aliases, name, c)
		sets = append(sets, &set{name: "aliases of " + name, linker: skill.NewLinkerOf(concepts, m), concepts: concepts, cases: cases, weight: 0.4, even: true})
	}
	return sets, nil
}
