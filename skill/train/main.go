// Command train trains the tagger of package skill from a data directory and writes the file that the binary carries: `make train-tagger` runs
// it. The same data give the same file, on one processor architecture.
//
// It prints the cross-validation's figures first, since the shipped model has seen every labelled sentence and says nothing about itself.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/internal/tagtrain"
	"github.com/gapwise/gapwise/skill"
)

func main() {
	if err := run(os.Args[1:], os.Stdout, os.Stderr); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(args []string, stdout, stderr io.Writer) error {
	flags := flag.NewFlagSet("train", flag.ContinueOnError)
	flags.SetOutput(stderr)
	data := flags.String("data", "../shared/data", "directory of the development sets")
	out := flags.String("out", "skill/model/tagger.bin", "file to write")
	validate := flags.Bool("validate", true, "cross-validate first")
	if err := flags.Parse(args); err != nil {
		return err
	}
	start := time.Now()
	step := func(what string) { fmt.Fprintf(stderr, "%6.1f s  %s\n", time.Since(start).Seconds(), what) }
	c, err := catalog.Load()
	if err != nil {
		return err
	}
	step("making the lexicon")
	lex, err := tagtrain.Lexicon(*data)
	if err != nil {
		return err
	}
	sentences, err := tagtrain.Sentences(*data)
	if err != nil {
		return err
	}
	f := skill.NewFinder(c)
	if *validate {
		step("cross-validating")
		for _, r := range tagtrain.CrossValidate(f, lex, sentences) {
			fmt.Fprintln(stdout, r)
		}
	}
	step("training on all sentences")
	inputs, err := tagtrain.Checksum(*data)
	if err != nil {
		return err
	}
	file, err := tagtrain.Train(f, lex, sentences, inputs).Encode()
	if err != nil {
		return err
	}
	step(fmt.Sprintf("writing %d bytes", len(file)))
	return os.WriteFile(*out, file, 0o644) //nolint:gosec // G306: part of the source
}
