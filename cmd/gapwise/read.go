package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/resume"
	"github.com/gapwise/gapwise/skill"
)

// printJSON prints one document on one line.
func (c *command) printJSON(v any) error {
	enc := json.NewEncoder(c.stdout)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// input reads a file, or stdin for "-", and stops a byte past the bound so that the reader can tell that it is too large.
func (c *command) input(name string) ([]byte, error) {
	r := c.stdin
	if name != "-" {
		f, err := openFile(name)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }()
		r = f
	}
	data, err := io.ReadAll(io.LimitReader(r, resume.MaxBytes+1))
	if err != nil {
		return nil, fault.Newf(fault.Usage, "file-unreadable", "%s cannot be read.", name).Because(err)
	}
	return data, nil
}

// openFile opens a file that a person named.
func openFile(name string) (*os.File, error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Newf(fault.Usage, "no-such-file", "There is no file %s.", name)
	}
	if err != nil {
		return nil, fault.Newf(fault.Usage, "file-unreadable", "The file %s cannot be opened.", name).Because(err)
	}
	return f, nil
}

// offlineParts parses the flags and builds what needs no database.
func (c *command) offlineParts() (*offline, error) {
	c.dataFlag()
	if err := c.parse(); err != nil {
		return nil, err
	}
	cfg, err := c.config()
	if err != nil {
		return nil, err
	}
	return newOffline(cfg)
}

// read prints what was read of one file. With --json an unreadable file is told as a document, too.
func read(ctx context.Context, c *command) error {
	format := c.flags.String("format", "", "print in another format: `jsonresume`, the schema of JSON Resume")
	o, err := c.offlineParts()
	if err != nil {
		return err
	}
	if len(c.args) != 1 {
		return c.wrongUse("Name one file, or - for stdin.")
	}
	if *format != "" && *format != formatJSONResume {
		return c.wrongUse("The format is %s, or is left out.", formatJSONResume)
	}
	data, err := c.input(c.args[0])
	if err != nil {
		return err
	}
	doc, err := o.reader.Read(ctx, c.args[0], data)
	if *format != "" && err == nil {
		return c.exportResume(o, doc)
	}
	if doc != nil && c.json {
		if printErr := c.printJSON(doc); printErr != nil {
			return printErr
		}
	}
	if err != nil || c.json {
		return err
	}
	fmt.Fprintf(c.stderr, "%d pages, %d words, read by %s\n", doc.Pages, doc.Words, doc.Engine)
	for _, s := range doc.Sections {
		fmt.Fprintf(c.stderr, "  %-14s %s\n", s.Kind, s.Heading)
	}
	for _, p := range doc.Positions {
		fmt.Fprintf(c.stderr, "  %s – %s  %s, %s\n", p.Start, p.End, p.Title, p.Org)
	}
	for _, w := range doc.Warnings {
		fmt.Fprintf(c.stderr, "  warning: %s\n", w.Detail)
	}
	_, err = fmt.Fprintln(c.stdout, doc.Text)
	return err
}

// skillsOf is one line of the output of skills.
type skillsOf struct {
	File   string        `json:"file,omitempty"`
	Skills []skill.Claim `json:"skills"`
}

// skills finds skills in files, or in each line of stdin.
func skills(ctx context.Context, c *command) error {
	lines := c.flags.Bool("lines", false, "read texts from stdin, one a line, and print one JSON object a line")
	o, err := c.offlineParts()
	if err != nil {
		return err
	}
	if *lines == (len(c.args) > 0) {
		return c.wrongUse("Name files, or give --lines and texts on stdin.")
	}
	if *lines {
		return c.eachLine(ctx, func(text string) (any, error) {
			return skillsOf{Skills: o.finder.Extract(&resume.Document{Text: text}, time.Now()).Claims}, nil
		})
	}
	var failed error
	for _, name := range c.args {
		data, err := c.input(name)
		if err != nil {
			return err
		}
		doc, err := o.reader.Read(ctx, name, data)
		if err != nil {
			if len(c.args) == 1 {
				return err
			}
			c.tell(fmt.Errorf("%s: %w", name, err)) // the other files are still read
			failed = errors.Join(errTold, err)
			continue
		}
		p := o.finder.Extract(doc, time.Now())
		if c.json {
			if err := c.printJSON(skillsOf{File: name, Skills: p.Claims}); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(c.stdout, "%s: %d skills\n", name, len(p.Claims))
		for _, claim := range p.Claims {
			fmt.Fprintf(c.stdout, "  %-28s level %d  %s  “%s”\n", claim.Name, claim.Level, claim.Why, strings.Join(strings.Fields(claim.Mentions[0].Text), " "))
		}
	}
	return failed
}

// maxInputLine bounds one line of stdin in bytes.
const maxInputLine = 4 << 20

// eachLine answers every line of stdin with one JSON object, in order.
func (c *command) eachLine(ctx context.Context, answer func(string) (any, error)) error {
	in := bufio.NewScanner(c.stdin)
	in.Buffer(make([]byte, 0, 64<<10), maxInputLine)
	out := bufio.NewWriterSize(c.stdout, 64<<10)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	for in.Scan() {
		if err := ctx.Err(); err != nil {
			return err
		}
		v, err := answer(in.Text())
		if err != nil {
			return err
		}
		if err := enc.Encode(v); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return fault.Newf(fault.Usage, "line-too-long", "A line of stdin is over %d MB.", maxInputLine>>20).Because(err)
	}
	return out.Flush()
}
