// Command train makes the built-in embedding model from public data.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/embeddings/model"
)

func main() {
	if err := run(context.Background(), os.Args[1:], os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "train:", err)
		os.Exit(1)
	}
}

// modelID names the model; it changes whenever its vectors do.
const modelID = "builtin-skills-1"

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o := defaults()
	fs := flag.NewFlagSet("train", flag.ContinueOnError)
	data := fs.String("data", "../shared/data", "directory of the sources")
	out := fs.String("out", "", "file to write")
	eval := fs.String("eval", "", "measure instead of writing, on parts that are held out: some of topics,occupations,groups,next")
	fs.IntVar(&o.workers, "workers", o.workers, "workers; the result is the same for any number")
	if err := fs.Parse(args); err != nil {
		return err
	}
	s, err := readSources(*data)
	if err != nil {
		return err
	}
	c, err := catalog.Load()
	if err != nil {
		return err
	}
	if *eval != "" {
		return evaluate(ctx, s, c, o, *data, strings.Split(*eval, ","), stdout, stderr)
	}
	m := train(s, c, o, stderr)
	b := m.Encode()
	fmt.Fprintln(stderr, "catalogue", c.Version())
	fmt.Fprintf(stderr, "%d rows, %d parts, %d items, %d occupations, %d bytes\n", m.Tokens.Len(), m.Parts.Len(), len(m.Next.Keys), len(m.Occupations.Titles), len(b))
	return os.WriteFile(*out, b, 0o644) //nolint:gosec // G306: it is a source file
}

// train makes a model.
func train(s *sources, c *catalog.Catalog, o settings, stderr io.Writer) *model.Model {
	m := &model.Model{ID: modelID}
	start := time.Now()
	step := func(name string) { fmt.Fprintf(stderr, "%6.1f s  %s\n", time.Since(start).Seconds(), name) }
	p := newCorpus(s, c, true)
	step("read")
	p.embed(m, o)
	step("vectors")
	m.Next = fitNext(s.lists, o)
	step("pairs")
	m.Occupations = occupations(s)
	return m
}
