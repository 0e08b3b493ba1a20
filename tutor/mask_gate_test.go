package tutor_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/tutor"
)

// gateTexts are lines that patterns are for, and neighbours of them.
func gateTexts(tb testing.TB) []string {
	tb.Helper()
	var out []string
	for _, set := range []string{"open", "held-out"} {
		var cases []maskCase
		readYAML(tb, "mask/"+set+".yaml", &cases)
		for _, k := range cases {
			out = append(out, k.Text, k.Message)
		}
	}
	return append(out,
		"12 Old Mill Lane, 12, rue de la Paix 75002 Paris, c/ Mayor 4, calle Mayor, n.º 12, Avda. de América 4, Av. Corrientes 1234, Hauptstr.5, Hauptstraße no: 5, Lange Gasse 7/3",
		"4 bis allée des Tilleuls, P.O. Box 12, po box 7, flat no. 4b, Green House, ul. Długa 5, Kcalle 5, 5 Main ſtreet, İcalle 7, Am weg 5",
		"Señora Ruiz, Doña Ana, Dr. med. Paul Ott, Sra. Gil; my old colleague Ann Lee, meine Kollegin Eva Roth, mi compañera Luz Rey, mon collègue Luc Roy",
		"Name: Ann Lee", " nombre : Luz Rey", "ФИО: Анна Ли Ко", "12.3.1990 geb. 1.2.1990, née le 1.2.1990, nata il 3 marzo 1980, d.o.b. 1/2/1990, 出生日期：1990年1月2日",
		"+49 30 5550147, (030) 555-0147, 555.014.7788, DE89 3704 0044 0532 0130 00, 123-45-6789, 1234567", "github.com/ann, ann.github.io, dev.to/ann, huggingface.co/ann, x.com/a, T.ME/ann")
}

// TestGatesLetThrough: what rules a pattern out never does so where the pattern matches.
func TestGatesLetThrough(t *testing.T) {
	t.Parallel()
	open, shut := 0, 0
	for _, text := range gateTexts(t) {
		for line := range strings.SplitSeq(text, "\n") {
			missed, o, s := tutor.Gates(line)
			if open, shut = open+o, shut+s; len(missed) > 0 {
				t.Errorf("%q matches what is ruled out in it: %v", line, missed)
			}
		}
	}
	if open == 0 || shut < 4*open {
		t.Errorf("%d patterns are tried and %d ruled out; want some, and five times as many", open, shut)
	}
}

func FuzzGates(f *testing.F) {
	for _, text := range gateTexts(f) {
		for line := range strings.SplitSeq(text, "\n") {
			f.Add(line)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		for line := range strings.SplitSeq(strings.ToValidUTF8(text, "?"), "\n") {
			if missed, _, _ := tutor.Gates(line); len(missed) > 0 {
				t.Errorf("%q matches what is ruled out in it: %v", line, missed)
			}
		}
	})
}
