package catalog

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// spelling checks that names stand in every text in the case that their owners give them: PostgreSQL, not Postgresql. Only names that no
// other word can be are looked for: one word with a capital inside that is not ambiguous.
func (k *checker) spelling() {
	canonical := map[string]string{}
	for _, s := range k.c.skills {
		if s.Import == nil && len(s.Ambiguous) == 0 && distinctCase(s.Name) {
			canonical[strings.ToLower(s.Name)] = s.Name
		}
	}
	check := func(key, field, text string) {
		for word := range strings.FieldsFuncSeq(text, func(r rune) bool {
			return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune(".#+-_/", r)
		}) {
			word = strings.Trim(word, ".-_/")
			if want, known := canonical[strings.ToLower(word)]; known && word != want {
				k.add(key, field, "%q is written %q", word, want)
			}
		}
	}
	for _, s := range k.c.skills {
		if s.Import == nil {
			check("skill "+s.ID, s.ID+".description", s.Description)
		}
	}
	for _, r := range k.c.roles {
		if r.Import == nil {
			eachText(reflect.ValueOf(r).Elem(), "", func(field, text string) { check("role "+r.ID, field, text) })
		}
	}
	all := k.c.learning()
	for _, id := range sortedKeys(all) {
		eachText(reflect.ValueOf(all[id]).Elem(), "", func(field, text string) { check("learning "+id, field, text) })
	}
	for _, to := range sortedKeys(k.c.transferTo) {
		for _, t := range k.c.transferTo[to] {
			check("transfers "+t.From+" "+t.To, fmt.Sprintf("transfers %s → %s", t.From, t.To), t.Note)
		}
	}
}

// distinctCase is true for a name of one word of four letters or more that has a capital behind its first letter.
func distinctCase(name string) bool {
	_, size := utf8.DecodeRuneInString(name)
	return utf8.RuneCountInString(name) > 3 && !strings.ContainsFunc(name, unicode.IsSpace) && strings.ContainsFunc(name[size:], unicode.IsUpper)
}

// eachText calls f with every sentence of an entry: the strings that hold a space, which ids, dates and codes do not. Lists of other names
// for the entry are left out.
func eachText(v reflect.Value, field string, f func(field, text string)) {
	switch v.Kind() {
	case reflect.String:
		if strings.Contains(v.String(), " ") {
			f(field, v.String())
		}
	case reflect.Pointer:
		if !v.IsNil() {
			eachText(v.Elem(), field, f)
		}
	case reflect.Slice:
		for i := range v.Len() {
			eachText(v.Index(i), fmt.Sprintf("%s[%d]", field, i), f)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name, _, _ := strings.Cut(v.Type().Field(i).Tag.Get("yaml"), ",")
			if name == "aliases" || name == "-" {
				continue
			}
			eachText(v.Field(i), strings.TrimPrefix(field+"."+name, "."), f)
		}
	default:
	}
}

// orphans are skills that nothing leads to: no role asks for them and no relation names them.
func (k *checker) orphans() {
	used := map[string]bool{}
	for _, r := range k.c.roles {
		for _, q := range r.Skills {
			used[q.Skill] = true
			for _, a := range q.Alternatives {
				used[a] = true
			}
		}
	}
	for _, list := range k.c.requires {
		for _, p := range list {
			used[p.Skill], used[p.Needs] = true, true
		}
	}
	for _, list := range k.c.transferTo {
		for _, t := range list {
			used[t.From], used[t.To] = true, true
		}
	}
	for _, s := range k.c.skills {
		if s.Parent != "" {
			used[s.ID], used[s.Parent] = true, true
		}
	}
	for _, s := range k.c.skills {
		if _, own := k.c.origins["skill "+s.ID]; own && !used[s.ID] {
			k.add("skill "+s.ID, s.ID, "is in no role and no relation")
		}
	}
}

// titles are the names of roles: each leads to one. Those of the published classifications overlap with ours and with one another.
func (k *checker) titles() {
	claimed := map[string]string{}
	for _, r := range k.c.roles {
		if r.Import != nil {
			continue
		}
		for _, title := range append([]string{r.Name}, r.Aliases...) {
			folded := strings.ToLower(title)
			if other, taken := claimed[folded]; taken && other != r.ID {
				k.add("role "+r.ID, "aliases", "%q is already a title of %s", title, other)
			}
			claimed[folded] = r.ID
		}
	}
}

// renames holds the ids of earlier versions: each leads to one entry, and none is an id of today.
func (k *checker) renames() {
	seen := map[string]string{}
	check := func(kind, id, key string, former []string, today func(string) bool) {
		for _, old := range former {
			switch name := kind + " " + old; {
			case !slug.MatchString(old):
				k.add(key, "former_ids", "%q is not a lower-case slug", old)
			case today(old):
				k.add(key, "former_ids", "%q is the id of another %s today", old, kind)
			case seen[name] != "":
				k.add(key, "former_ids", "%q is also a former id of %s", old, seen[name])
			default:
				seen[name] = id
			}
		}
	}
	for _, s := range k.c.skills {
		check("skill", s.ID, "skill "+s.ID, s.FormerIDs, k.c.HasSkill)
	}
	for _, r := range k.c.roles {
		check("role", r.ID, "role "+r.ID, r.FormerIDs, func(id string) bool { return k.c.roleByID[id] != nil })
		milestones := map[string]bool{}
		for _, p := range r.Phases {
			check("phase of "+r.ID, p.ID, "role "+r.ID, p.FormerIDs, func(id string) bool { return slices.Contains(r.phaseIDs(), id) })
			for _, m := range p.Milestones {
				milestones[m.ID] = true
			}
		}
		for _, p := range r.Phases {
			for _, m := range p.Milestones {
				check("milestone of "+r.ID, m.ID, "role "+r.ID, m.FormerIDs, func(id string) bool { return milestones[id] })
			}
		}
	}
}

// overrides are the related roles that are written by hand.
func (k *checker) overrides(key string, r *Role) {
	for i, o := range r.RelatedOverrides {
		field := fmt.Sprintf("related_overrides[%d]", i)
		if k.c.roleByID[o.Role] == nil || o.Role == r.ID {
			k.add(key, field+".role", "%q is not another role", o.Role)
		}
		if len(strings.Fields(o.Reason)) < 4 {
			k.add(key, field+".reason", "says too little: why the computed share is wrong")
		}
	}
}
