package tutor

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// tagWords are the words of placeholders in the languages that models answer in.
var tagWords = map[string][]string{
	"NAME":      {"name", "nombre", "nom", "nome", "naam", "navn", "namn", "nimi", "imię", "имя", "姓名", "名前", "이름", "person"},
	"EMAIL":     {"e-mail-adresse", "email-adresse", "e-mail", "email", "mail", "correo electrónico", "correo", "courriel", "邮箱", "メール"},
	"PHONE":     {"telefonnummer", "telephone", "telefon", "teléfono", "téléphone", "telefono", "telefone", "phone number", "phone", "tel", "телефон", "电话", "電話"},
	"ADDRESS":   {"adresse", "address", "anschrift", "dirección", "indirizzo", "endereço", "adres", "адрес", "地址", "住所"},
	"LINK":      {"enlace", "lien", "link", "verweis", "vínculo", "collegamento", "ссылка", "链接", "リンク"},
	"BIRTHDATE": {"birthdate", "birth-date", "birth date", "birth_date", "geburtsdatum", "fecha de nacimiento", "date de naissance", "data di nascita", "data de nascimento", "дата рождения", "生日"},
}

// bent is a placeholder as models write it: without brackets or with others, in another case, with another dash or none, translated.
var bent = regexp.MustCompile(`(?i)(⟦|〚|【|\[\[|\\?\[|\{\{|\{|<|«|‹)?(?:\*\*|__|` + "`" + `)?\s*(` + tagPattern() + `)(\s*[-‐‑‒–—−_#:]\s*|\s?)(?:(\d{1,3})([b-z])?)?\s*(?:\*\*|__|` + "`" + `)?(⟧|〛|】|\]\]|\\?\]|\}\}|\}|>|»|›)?`)

func tagPattern() string {
	var all []string
	for _, words := range tagWords {
		for _, w := range words {
			all = append(all, regexp.QuoteMeta(w))
		}
	}
	// The longest first, because the first that fits is taken.
	for i := range all {
		for k := i + 1; k < len(all); k++ {
			if len(all[k]) > len(all[i]) || len(all[k]) == len(all[i]) && all[k] < all[i] {
				all[i], all[k] = all[k], all[i]
			}
		}
	}
	return strings.Join(all, "|")
}

func tagOf(word string) string {
	word = strings.ToLower(word)
	for tag, words := range tagWords {
		if slices.Contains(words, word) {
			return tag
		}
	}
	return ""
}

// Restore puts back what placeholders in whole sentences of an answer stand for. A placeholder that stands for nothing becomes its kind in
// words.
func (m *Mask) Restore(text string) string {
	return m.restore(text, func(s string) string { return s })
}

// RestoreJSON puts back what placeholders in a JSON document stand for, which stays one whatever they stand for.
func (m *Mask) RestoreJSON(text string) string {
	return m.restore(text, func(s string) string {
		b, err := json.Marshal(s)
		if err != nil {
			return ""
		}
		return strings.TrimSuffix(strings.TrimPrefix(string(b), `"`), `"`)
	})
}

func (m *Mask) restore(text string, written func(string) string) string {
	if len(m.hidden) == 0 && !strings.Contains(text, "⟦") {
		return text
	}
	var b strings.Builder
	at := 0
	for _, p := range bent.FindAllStringSubmatchIndex(text, -1) {
		if p[0] < at {
			continue
		}
		put, from, to, ok := m.restored(text, p)
		if !ok {
			continue
		}
		b.WriteString(text[at:from])
		b.WriteString(written(put))
		at = to
	}
	b.WriteString(text[at:])
	return b.String()
}

// restored settles what a match stands for, and which bytes of the text it takes.
func (m *Mask) restored(text string, p []int) (put string, from, to int, ok bool) {
	group := func(n int) string {
		if p[2*n] < 0 {
			return ""
		}
		return text[p[2*n]:p[2*n+1]]
	}
	left, word, sep, number, letter, right := group(1), group(2), group(3), group(4), group(5), group(6)
	own := left == "⟦" || right == "⟧"
	bare := !own && (left == "" || right == "") // where only one bracket is there, it may be the author's own
	from, to = p[0], p[1]
	if left == "" || bare {
		from = p[4]
	}
	if right == "" || bare {
		to = p[5]
		for _, end := range []int{p[9], p[11]} {
			to = max(to, end)
		}
	}
	tag := tagOf(word)
	if bare && !plainly(text, from, to, word, sep, number) {
		return "", 0, 0, false
	}
	if number == "" {
		if m.counts[tag] != 1 {
			if own {
				return "[" + strings.ToLower(word) + "]", from, to, true
			}
			return "", 0, 0, false
		}
		number = "1"
	}
	t := m.byTag[tag+"-"+number]
	if t == nil {
		if own {
			return "[" + strings.ToLower(word) + "]", from, to, true
		}
		return "", 0, 0, false
	}
	i := 0
	if letter != "" {
		i = int(strings.ToLower(letter)[0] - 'a')
	}
	if i >= len(t.spelling) {
		if bare {
			return t.spelling[0] + letter, from, to, true // "NAME-1s"
		}
		i = 0
	}
	return t.spelling[i], from, to, true
}

// plainly is true for a placeholder without brackets that cannot be anything else: in capitals, or with a dash, and a word of its own.
func plainly(text string, from, to int, word, sep, number string) bool {
	upper := strings.ToUpper(word) == word && strings.ToLower(word) != word
	dashed := strings.TrimSpace(sep) != "" && strings.TrimSpace(sep) != ":" && !strings.ContainsAny(sep, " \n")
	if number == "" || !startsWord(text, from) || !upper && !dashed {
		return false
	}
	if from > 0 && strings.ContainsRune("-_", rune(text[from-1])) {
		return false
	}
	next := firstRune(text[to:])
	return to == len(text) || !unicode.IsLetter(next) && !unicode.IsDigit(next) && next != '_' && next != '-' || next == 's'
}
