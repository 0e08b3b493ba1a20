package catalog

import (
	"bytes"
	_ "embed" // the compiled catalogue
	"encoding/gob"
	"fmt"
	"io"
	"sync"
)

// The compiled catalogue is the YAML under data, checked and written so that it loads in milliseconds: parsing and checking the YAML takes
// over a second. A test holds it to the YAML.
//
//go:generate go run ./compile
var (
	//go:embed compiled/catalog.gob
	compiledCore []byte
	//go:embed compiled/learning.gob
	compiledLearning []byte
)

// core is what nearly every use of the catalogue needs. How skills are learned is larger and rarely needed, so it is read when it is.
type core struct {
	Version   string
	Skills    []*Skill
	Roles     []*Role
	Requires  []Prerequisite
	Transfers []Transfer
	Steps     []stepsOf
}

// stepsOf is the written study time of a skill: a slice and not a map, which would not be written in one order.
type stepsOf struct {
	Skill  string
	Levels []Hours
}

// Compile writes a catalogue in the form that Load reads: the core, and how its skills are learned. The same catalogue gives the same
// bytes.
func (c *Catalog) Compile(coreTo, learningTo io.Writer) error {
	out := core{Version: c.version, Skills: c.skills, Roles: c.roles}
	for _, id := range sortedKeys(c.requires) {
		out.Requires = append(out.Requires, c.requires[id]...)
	}
	for _, id := range sortedKeys(c.transferTo) {
		for _, t := range c.transferTo[id] {
			if t.computed {
				t.HoursSaved = 0 // it follows from hours that an operator's entry can replace
			}
			out.Transfers = append(out.Transfers, t)
		}
	}
	for _, id := range sortedKeys(c.steps) {
		out.Steps = append(out.Steps, stepsOf{id, c.steps[id]})
	}
	if err := gob.NewEncoder(coreTo).Encode(&out); err != nil {
		return fmt.Errorf("compile the catalogue: %w", err)
	}
	all := c.learning()
	list := make([]*Learning, 0, len(all))
	for _, id := range sortedKeys(all) {
		list = append(list, all[id])
	}
	if err := gob.NewEncoder(learningTo).Encode(list); err != nil {
		return fmt.Errorf("compile how skills are learned: %w", err)
	}
	return nil
}

// decompile reads what Compile wrote.
func decompile(coreData, learningData []byte) (*Catalog, error) {
	var in core
	if err := gob.NewDecoder(bytes.NewReader(coreData)).Decode(&in); err != nil {
		return nil, fmt.Errorf("read the compiled catalogue: %w", err)
	}
	c := newCatalog()
	c.version, c.skills, c.roles = in.Version, in.Skills, in.Roles
	for _, p := range in.Requires {
		c.requires[p.Skill] = append(c.requires[p.Skill], p)
	}
	for _, t := range in.Transfers {
		c.transferTo[t.To] = append(c.transferTo[t.To], t)
	}
	for _, s := range in.Steps {
		c.steps[s.Skill] = s.Levels
	}
	c.learning = sync.OnceValue(func() map[string]*Learning {
		var list []*Learning
		byID := map[string]*Learning{}
		if err := gob.NewDecoder(bytes.NewReader(learningData)).Decode(&list); err != nil {
			return byID // a test reads the embedded bytes
		}
		for _, l := range list {
			byID[l.Skill] = l
		}
		return byID
	})
	c.index()
	return c, nil
}
