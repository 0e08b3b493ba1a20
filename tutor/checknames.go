package tutor

import (
	"strings"
	"sync"
)

// plainCapitals are words that English, Spanish or French write with a capital and that name nobody.
var plainCapitals = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`i i'm i've i'd i'll ai monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
		october november december english german spanish french dutch italian polish portuguese chinese japanese european american british
		situation task action result question answer step week day phase milestone level met not yes no gapwise internet
		engineer developer analyst scientist administrator architect manager lead senior junior staff backend frontend data devops
		english's web linux unix windows`) {
		out[w] = true
	}
	return out
})

// germanNouns are nouns that stand after prepositions of employment and are nobody's name.
var germanNouns = sync.OnceValue(func() map[string]bool {
	out := map[string]bool{}
	for w := range strings.FieldsSeq(`level stufe stunden woche wochen tag tagen monat monaten jahr jahren arbeit firma kunden kundin kunde server servern fehler fehlern betrieb last
		anfragen abfragen datenbanken tabellen code tests anfang ende bedarf interesse fragen antworten cluster pods container images manifesten logs netz netzen projekten diensten
		leuten kollegen kolleginnen nutzern dateien skripten patches updates ausfällen rufbereitschaft beispielen plan sprint review reviews rollouts rollout dir ihnen uns einem einer`) {
		out[w] = true
	}
	return out
})

// skillFormsOf remembers the names of skills and the words that they are made of, a catalogue at a time.
var skillFormsOf sync.Map

// skillForms are the names of skills, and the words of which they are made.
func skillForms(b *builtin) map[string]bool {
	if kept, ok := skillFormsOf.Load(b.catalog); ok {
		return kept.(map[string]bool)
	}
	out := map[string]bool{}
	for _, s := range b.catalog.Skills() {
		for _, form := range append([]string{s.Name}, s.Aliases...) {
			out[foldText(form)] = true
			for _, w := range words(form) {
				out[strings.ToLower(w)] = true
			}
		}
	}
	skillFormsOf.Store(b.catalog, out)
	return out
}
