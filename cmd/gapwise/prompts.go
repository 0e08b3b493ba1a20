package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/gapwise/gapwise/internal/fault"
	"github.com/gapwise/gapwise/prompts"
)

// loadPrompts gives the templates of the binary, with the operator's own in the place of those with the same id.
func loadPrompts(dir string) (*prompts.Library, error) {
	lib, err := prompts.Load()
	if err != nil || dir == "" {
		return lib, err
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return nil, fault.Newf(fault.Usage, "prompt-directory", "GAPWISE_PROMPTS names %s, which is not a directory that can be read.", dir)
	}
	return lib.Over(os.DirFS(dir))
}

const promptVerbs = "Say list, show ID or render ID."

// promptsVerb lists, shows or fills in the templates of prompts.
func promptsVerb(_ context.Context, c *command) error {
	c.setting("prompts", "GAPWISE_PROMPTS", "`directory` of your own templates, in the place of those with the same id")
	data := c.flags.String("data", "", "JSON `file` to fill the template with, - for stdin (default: the sample that the template is tested with)")
	if err := c.parse(); err != nil {
		return err
	}
	if len(c.args) == 0 || len(c.args) > 2 || (c.args[0] == "list") != (len(c.args) == 1) {
		return c.wrongUse(promptVerbs)
	}
	cfg, err := c.config()
	if err != nil {
		return err
	}
	lib, err := loadPrompts(cfg.Prompts)
	if err != nil {
		return err
	}
	switch c.args[0] {
	case "list":
		return c.listPrompts(lib)
	case "show":
		return c.showPrompt(lib, c.args[1])
	case "render":
		return c.renderPrompt(lib, c.args[1], *data)
	}
	return c.wrongUse(promptVerbs)
}

func (c *command) listPrompts(lib *prompts.Library) error {
	infos := lib.Infos()
	if c.json {
		return c.printJSON(map[string]any{"prompts": infos})
	}
	for _, i := range infos {
		from := ""
		if i.From != "" {
			from = " (yours: " + i.From + ")"
		}
		fmt.Fprintf(c.stdout, "%-26s %-7s %4d tokens  %s%s\n", i.Name, i.Purpose, i.MaxTokens, i.Description, from)
	}
	return nil
}

func (c *command) showPrompt(lib *prompts.Library, id string) error {
	info, text, err := lib.Show(id)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(struct {
			prompts.Info
			Text string `json:"text"`
		}{info, text})
	}
	_, err = io.WriteString(c.stdout, text)
	return err
}

func (c *command) renderPrompt(lib *prompts.Library, id, file string) error {
	if _, _, err := lib.Show(id); err != nil {
		return err
	}
	input := prompts.Sample(id)
	if file != "" {
		var err error
		if input, err = c.promptInput(input, file); err != nil {
			return err
		}
	}
	p, err := lib.Render(id, input)
	if err != nil {
		return err
	}
	if c.json {
		return c.printJSON(map[string]any{"id": p.ID, "version": p.Version, "purpose": p.Purpose, "max_tokens": p.MaxTokens, "messages": p.Messages, "schema": p.Schema})
	}
	for _, m := range p.Messages {
		fmt.Fprintf(c.stdout, "=== %s\n%s\n", m.Role, m.Content)
	}
	return nil
}

// promptInput reads an input of the type that a sample has.
func (c *command) promptInput(sample any, file string) (any, error) {
	r := c.stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, fault.Newf(fault.Usage, "no-data", "%s cannot be read.", file)
		}
		defer func() { _ = f.Close() }() // it was only read
		r = f
	}
	into := reflect.New(reflect.TypeOf(sample))
	dec := json.NewDecoder(io.LimitReader(r, 1<<20))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into.Interface()); err != nil {
		return nil, fault.Newf(fault.Usage, "invalid-data", "The data does not fit the template: %v.", err)
	}
	return into.Elem().Interface(), nil
}
