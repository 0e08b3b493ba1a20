package skill

import (
	"strings"

	"github.com/gapwise/gapwise/catalog"
	"github.com/gapwise/gapwise/resume"
)

// maxKeywords bounds the other words for one skill in an export.
const maxKeywords = 10

// Entries are the skills of a profile as an export of the resume names them: those that the person has not rejected and that the resume
// claims, with the level in words of the NIH scale and the other words by which the resume names them.
func (p *Profile) Entries() []resume.SkillEntry {
	var out []resume.SkillEntry
	for i := range p.Claims {
		c := &p.Claims[i]
		if c.Status == StatusRejected || c.Level <= catalog.LevelNone {
			continue
		}
		level := catalog.LevelName(c.Level)
		e := resume.SkillEntry{Name: c.Name, Level: strings.ToUpper(level[:1]) + level[1:]}
		seen := map[string]bool{strings.ToLower(c.Name): true}
		for _, m := range c.Mentions {
			word := strings.Join(strings.Fields(m.Text), " ")
			if key := strings.ToLower(word); !seen[key] && word != "" && len(e.Keywords) < maxKeywords {
				seen[key] = true
				e.Keywords = append(e.Keywords, word)
			}
		}
		out = append(out, e)
	}
	return out
}
