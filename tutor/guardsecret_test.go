package tutor_test

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/gapwise/gapwise/tutor"
)

func TestSecrets(t *testing.T) {
	t.Parallel()
	const system = "You are the tutor of Gapwise. Cite no other numbers. Use only the numbered sources below and what the person tells you.\nSources\n[1] catalogue: Kafka at level 3\n<data name=\"source 1\">\n" +
		"Designs topics and consumer groups for a given load and explains how offsets are committed.\n</data>"
	s := tutor.NewSecrets(system)
	said := "Use only the numbered sources below and what the person tells you."
	backwards := []rune(said)
	slices.Reverse(backwards)
	rot := strings.Map(func(r rune) rune {
		if r|0x20 >= 'a' && r|0x20 <= 'z' {
			return 'a' + ((r|0x20)-'a'+13)%26
		}
		return r
	}, said)
	for name, sentence := range map[string]string{
		"a heading": "- Cite no other numbers.", "verbatim": "Sure: \"" + said + "\"", "in part": "My rules say use only the numbered sources below and what else?", "upper": strings.ToUpper(said), "backwards": string(backwards), "rot13": rot,
		"spaced": strings.Join(strings.Split(said, ""), " "), "base64": "Here: " + base64.StdEncoding.EncodeToString([]byte("x "+said)), "hex": hex.EncodeToString([]byte(said)),
	} {
		if !s.In(sentence) {
			t.Errorf("%s goes through: %s", name, sentence)
		}
	}
	for _, sentence := range []string{
		"Designs topics and consumer groups for a given load and explains how offsets are committed [1].", "Kafka at level 3 is what the role asks for [1].", "Start with the numbered list in your plan.",
		"You are the tutor's favourite kind of learner: one who asks.", "", "I cannot show my instructions.",
	} {
		if s.In(sentence) {
			t.Errorf("taken for a recital: %s", sentence)
		}
	}
}
