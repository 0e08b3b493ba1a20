package main

import (
	"bufio"
	"context"
	"os"
	"strings"

	"github.com/gapwise/gapwise/embeddings"
	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/skill"
)

// linesOnly parses the flags of a verb that only works on lines of stdin.
func (c *command) linesOnly(extra func()) (*offline, error) {
	lines := c.flags.Bool("lines", false, "read texts from stdin, one a line, and print one JSON document a line")
	extra()
	o, err := c.offlineParts()
	if err != nil {
		return nil, err
	}
	if !*lines || len(c.args) > 0 {
		return nil, c.wrongUse("Give --lines, and the texts on stdin.")
	}
	return o, nil
}

const defaultK = 10

// maxK bounds a list of answers.
const maxK = 1000

func (c *command) checkK(k int) error {
	if k < 1 || k > maxK {
		return c.wrongUse("-k is a number from 1 to %d.", maxK)
	}
	return nil
}

// link links each line to the catalogue, or to a taxonomy of a file.
func link(ctx context.Context, c *command) error {
	var k int
	var taxonomy string
	o, err := c.linesOnly(func() {
		c.flags.IntVar(&k, "k", defaultK, "how many links")
		c.flags.StringVar(&taxonomy, "taxonomy", "", "`file` of JSON Lines with uri, label, alts and desc to link to, instead of the catalogue")
	})
	if err != nil {
		return err
	}
	if err := c.checkK(k); err != nil {
		return err
	}
	concepts := skill.CatalogConcepts(o.catalog)
	if taxonomy != "" {
		f, err := os.Open(taxonomy)
		if err != nil {
			return fault.Newf(fault.Usage, "no-such-file", "The taxonomy %s cannot be opened.", taxonomy).Because(err)
		}
		defer func() { _ = f.Close() }()
		if concepts, err = skill.ReadTaxonomy(f); err != nil {
			return err
		}
		skill.AddCatalogForms(concepts, o.catalog)
	}
	linker := skill.NewLinker(concepts)
	return c.eachLine(ctx, func(text string) (any, error) {
		return map[string][]skill.Link{"links": linker.Link(text, k)}, nil
	})
}

// related says what goes with the skills or the title of each line.
func related(ctx context.Context, c *command) error {
	var k int
	var file string
	o, err := c.linesOnly(func() {
		c.flags.IntVar(&k, "k", defaultK, "how many answers")
		c.flags.StringVar(&file, "candidates", "", "`file` of names, one a line, to choose from, instead of the catalogue")
	})
	if err != nil {
		return err
	}
	if err := c.checkK(k); err != nil {
		return err
	}
	relater := skill.NewRelater(o.catalog, embeddings.Builtin{})
	from, err := relateTo(ctx, relater, file)
	if err != nil {
		return err
	}
	return c.eachLine(ctx, func(text string) (any, error) {
		found, err := relater.Related(ctx, text, from, k)
		return map[string][]skill.Link{"related": found}, err
	})
}

// relateTo are the names of a file, or the skills of the catalogue where no file is named.
func relateTo(ctx context.Context, relater *skill.Relater, file string) (*skill.Candidates, error) {
	if file == "" {
		return relater.Catalog(ctx)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, fault.Newf(fault.Usage, "no-such-file", "The candidates %s cannot be read.", file).Because(err)
	}
	var names []string
	for line := range strings.Lines(string(b)) {
		if name := strings.TrimSpace(line); name != "" {
			names = append(names, name)
		}
	}
	return relater.Candidates(ctx, names)
}

// embed prints the built-in model's vector of each line.
func embed(ctx context.Context, c *command) error {
	if _, err := c.linesOnly(func() {}); err != nil {
		return err
	}
	in := bufio.NewScanner(c.stdin)
	in.Buffer(make([]byte, 0, 64<<10), maxInputLine)
	out := bufio.NewWriterSize(c.stdout, 64<<10)
	var line []byte
	for in.Scan() {
		v, err := embeddings.Builtin{}.Embed(ctx, []string{in.Text()})
		if err != nil {
			return err
		}
		line = appendVector(line[:0], v[0])
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	if err := in.Err(); err != nil {
		return fault.Newf(fault.Usage, "line-too-long", "A line of stdin is over %d MB.", maxInputLine>>20).Because(err)
	}
	return out.Flush()
}

// pairs are the two digits of each number below 100, one after the other.
var pairs = func() string {
	var b strings.Builder
	for n := range 100 {
		b.WriteByte('0' + byte(n/10))
		b.WriteByte('0' + byte(n%10))
	}
	return b.String()
}()

// appendVector appends a unit vector as a line of JSON, to the fifth digit after the point: encoding/json takes ten times as long as making
// the vector does.
func appendVector(line []byte, v embeddings.Vector) []byte {
	for i, x := range v {
		line = append(line, ',')
		if i == 0 {
			line[0] = '['
		}
		n := int32(x*1e5 + 0.5)
		if x < 0 {
			if n = int32(0.5 - x*1e5); n > 0 {
				line = append(line, '-')
			}
		}
		switch {
		case n == 0:
			line = append(line, '0')
		case n >= 1e5:
			line = append(line, '1')
		default:
			high, low := pairs[n/1000*2:], pairs[n/10%100*2:]
			line = append(line, '0', '.', high[0], high[1], low[0], low[1], '0'+byte(n%10)) //nolint:gosec // G115: a digit
		}
	}
	return append(line, ']', '\n')
}
