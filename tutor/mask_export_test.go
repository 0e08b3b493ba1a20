package tutor

import (
	"regexp"
	"slices"
)

// Forget makes a mask that hides nothing that is known, as a mistake in it would.
func (m *Mask) Forget() { m.values = newValues(nil) }

// Gates are the forms that match in a line and are not tried on it, and how many would be tried and not.
func Gates(line string) (missed []string, tried, not int) {
	p := newPatternLine(line, 0, len(line))
	called := func(form *regexp.Regexp) bool {
		for _, m := range form.FindAllStringIndex(line, -1) {
			if _, _, ok := telephone(line, m[0], m[1]); ok {
				return true
			}
		}
		return false
	}
	for _, g := range []struct {
		name string
		may  bool
		is   bool
	}{
		{"street", p.mayHaveStreet(), streetWord.MatchString(line)},
		{"number", p.mayHaveNumber(), called(numberForm)},
		{"id", p.mayHaveID(), p.digits >= leastPhone && idNumber.MatchString(line)},
		{"site", p.mayHaveSite(), siteForm.MatchString(line)},
		{"born", p.mayHaveBirth(), p.digits > 3 && bornWord.MatchString(line)},
		{"title", p.mayHaveTitle(), titledName.MatchString(line)},
		{"fellow", p.mayHaveFellow(), fellowName.MatchString(line)},
		{"role", p.mayHaveRole(), roledName.MatchString(line)},
		{"self", p.mayHaveSelf(), selfName.MatchString(line)},
		{"i am", p.mayHaveIAm(), iAm.MatchString(line)},
		{"field", p.mayHaveField(), nameField.MatchString(line)},
	} {
		if g.may {
			tried++
		} else if not++; g.is {
			missed = append(missed, g.name)
		}
	}
	if !slices.EqualFunc(mailsIn(line), mailForm.FindAllStringIndex(line, -1), slices.Equal) {
		missed = append(missed, "mail")
	}
	return missed, tried, not
}
