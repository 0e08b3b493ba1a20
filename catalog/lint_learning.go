package catalog

import (
	"fmt"
	"slices"
	"strings"
)

// Bounds on what is written of how a skill is learned.
const (
	skillQuestions = 6
	wrongAnswers   = 3
	minResources   = 2
	maxResources   = 4
)

// learning holds the rules on how skills are learned.
func (k *checker) learning() {
	all := k.c.learning()
	for _, id := range sortedKeys(all) {
		key, l := "learning "+id, all[id]
		if n := len(l.Rubric); n != LevelExpert {
			k.add(key, "rubric", "has %d lines; give one for each level 1 to 5", n)
		}
		k.levelUps(key, l.Hours)
		if n := len(l.Questions); n != 0 && n != skillQuestions {
			k.add(key, "questions", "has %d; give %d", n, skillQuestions)
		}
		for i, q := range l.Questions {
			k.question(key, fmt.Sprintf("questions[%d]", i), q)
		}
		if n := len(l.Resources); n != 0 && (n < minResources || n > maxResources) {
			k.add(key, "resources", "has %d; give %d to %d", n, minResources, maxResources)
		}
		for i, r := range l.Resources {
			k.resource(key, fmt.Sprintf("resources[%d]", i), r)
		}
	}
}

func (k *checker) levelUps(key string, up *LevelUps) {
	if up == nil {
		return
	}
	if len(strings.Fields(up.Basis)) < 5 {
		k.add(key, "hours.basis", "says too little: what the figures rest on")
	}
	if len(up.Levels) != LevelExpert {
		k.add(key, "hours.levels", "has %d steps; give one to each level 1 to 5", len(up.Levels))
	}
	last := Hours{}
	for i, h := range up.Levels {
		field := fmt.Sprintf("hours.levels[%d]", i)
		if h.P25 < 1 || h.P25 > h.P50 || h.P50 > h.P75 {
			k.add(key, field, "%d, %d and %d are not quartiles in order", h.P25, h.P50, h.P75)
		}
		if h.P25 < last.P25 || h.P50 < last.P50 || h.P75 < last.P75 {
			k.add(key, field, "falls as the level rises")
		}
		last = h
	}
}

func (k *checker) question(key, field string, q Question) {
	if q.Level < 1 || q.Level > LevelExpert {
		k.add(key, field+".level", "%d is not between 1 and 5", q.Level)
	}
	for name, text := range map[string]string{"question": q.Question, "answer": q.Answer, "because": q.Because, "misconception": q.Misconception} {
		if strings.TrimSpace(text) == "" {
			k.add(key, field+"."+name, "is missing")
		}
	}
	if len(q.Wrong) != wrongAnswers || slices.Contains(q.Wrong, q.Answer) || slices.Contains(q.Wrong, "") {
		k.add(key, field+".wrong", "give %d answers that are wrong and could be believed", wrongAnswers)
	}
}

func (k *checker) resource(key, field string, r Resource) {
	if !slices.Contains([]string{"documentation", "book", "specification", "paper", "course"}, r.Kind) {
		k.add(key, field+".kind", "%q is not one of documentation, book, specification, paper, course", r.Kind)
	}
	if r.Title == "" || r.By == "" {
		k.add(key, field, "needs a title and by whom it is")
	}
	if r.Kind == "book" && r.Year == 0 {
		k.add(key, field+".year", "a book needs its year")
	}
	if strings.Contains(r.Title+r.By, "://") || strings.Contains(r.Title+r.By, "www.") {
		k.add(key, field, "has an address; titles last longer")
	}
}
