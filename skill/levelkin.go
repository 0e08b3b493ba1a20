package skill

import (
	"maps"
	"slices"
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// Figures of judgeByKin.
const (
	kinDepth   = 3  // how far up parents go: a queue of AWS is AWS
	kinNearest = 4  // how many of the skills that one is typically used with count as near
	kinCareer  = 48 // months of work, not under guidance, after which a listed skill near to what was used is taken for used
)

// kinship is what skills that were used at work say of one that is only listed.
type kinship struct{ parts, near []string }

// kin finds for each skill which of those that were used at work, at an intermediate level or higher, are part of it or written in it, and
// which are typically used with it.
func (f *Finder) kin(all map[string]*evidence, verdicts map[string]verdict) map[string]*kinship {
	out := map[string]*kinship{}
	of := func(id string) *kinship {
		if out[id] == nil {
			out[id] = &kinship{}
		}
		return out[id]
	}
	for _, id := range slices.Sorted(maps.Keys(all)) { // in order, so that what is said of it is the same each time
		e := all[id]
		s, err := f.catalog.Skill(id)
		if err != nil || len(e.positions) == 0 && !e.undated || verdicts[id].level < catalog.LevelIntermediate {
			continue
		}
		for parent, depth := s.Parent, 0; parent != "" && depth < kinDepth; depth++ {
			of(parent).parts = append(of(parent).parts, id)
			p, err := f.catalog.Skill(parent)
			if err != nil {
				break
			}
			parent = p.Parent
		}
		written := s.Kind == catalog.Framework || s.Kind == catalog.Library
		for _, other := range s.Ecosystem[:min(kinNearest, len(s.Ecosystem))] {
			o, err := f.catalog.Skill(other)
			if err == nil && written && o.Kind == catalog.Language {
				of(other).parts = append(of(other).parts, id)
				written = false
			} else {
				of(other).near = append(of(other).near, id)
			}
		}
	}
	return out
}

// judgeByKin lifts what is only listed. Where its parts, or what is written in it, were used at work, it was too: AWS beside EC2 and Lambda,
// Python beside Django. One such skill makes it intermediate, two advanced where they are. Where somebody has worked for years with what
// it is typically used with, it is taken for intermediate.
func (f *Finder) judgeByKin(v *levelView, all map[string]*evidence, verdicts map[string]verdict) {
	kin := f.kin(all, verdicts)
	career := v.career()
	lifted := map[string]verdict{}
	for id, e := range all {
		d := verdicts[id]
		if e.onlyWish || e.aside || e.limited || len(e.positions) > 0 || e.undated || !e.listed || e.rating > 0 && e.rating < catalog.LevelIntermediate {
			continue
		}
		k := kin[id]
		if k == nil {
			k = &kinship{}
		}
		near := k.near
		if s, err := f.catalog.Skill(id); err == nil {
			for _, other := range s.Ecosystem[:min(kinNearest, len(s.Ecosystem))] {
				if o := all[other]; o != nil && (len(o.positions) > 0 || o.undated) && verdicts[other].level >= catalog.LevelIntermediate {
					near = append(near, other)
				}
			}
		}
		best := 0
		for _, part := range k.parts {
			best = max(best, verdicts[part].level)
		}
		switch {
		case len(k.parts) > 1 && min(best, catalog.LevelAdvanced) > d.level:
			d.level = min(best, catalog.LevelAdvanced)
			d.because("used at work through %s", f.names(k.parts))
		case len(k.parts) > 0 && d.level < catalog.LevelIntermediate:
			d.level = catalog.LevelIntermediate
			d.because("used at work through %s", f.names(k.parts))
		case len(near) > 0 && career >= kinCareer && d.level < catalog.LevelIntermediate:
			d.level = catalog.LevelIntermediate
			d.because("goes with %s, which %s used at work over years", f.names(near), was(near))
		default:
			continue
		}
		lifted[id] = d
	}
	maps.Copy(verdicts, lifted)
}

// career is how many months of work the positions show, without those under guidance.
func (v *levelView) career() int {
	var ranges []resume.MonthRange
	for i, r := range v.spans {
		if !v.guided[i] {
			ranges = append(ranges, r)
		}
	}
	months, _ := resume.UnionMonths(ranges)
	return months
}

// namedKin is how many skills a sentence names.
const namedKin = 3

func (f *Finder) names(ids []string) string {
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	names := make([]string, 0, namedKin)
	for _, id := range ids[:min(namedKin, len(ids))] {
		if s, err := f.catalog.Skill(id); err == nil {
			names = append(names, s.Name)
		}
	}
	return strings.Join(names, ", ")
}

func was(list []string) string {
	if len(list) == 1 {
		return "was"
	}
	return "were"
}
