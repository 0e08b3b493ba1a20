package posting_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/gapwise/gapwise/posting"
)

func TestReadPay(t *testing.T) {
	pay := func(currency string, least, most int64, period string) posting.Pay {
		return posting.Pay{Currency: currency, Min: least * 100, Max: most * 100, Period: period}
	}
	tests := []struct {
		text string
		want posting.Pay
	}{
		{"The salary range is $120,000 - $150,000 per year.", pay("USD", 120_000, 150_000, "year")},
		{"$120k–$150k", pay("USD", 120_000, 150_000, "year")},
		{"Compensation: 80-95k EUR plus equity", pay("EUR", 80_000, 95_000, "year")},
		{"€60.000 bis €75.000 brutto im Jahr", pay("EUR", 60_000, 75_000, "year")},
		{"Jahresgehalt: 60.000 € – 75.000 €", pay("EUR", 60_000, 75_000, "year")},
		{"Salaire : 45 000 € à 55 000 € par an", pay("EUR", 45_000, 55_000, "year")},
		{"£55,000 a year", pay("GBP", 55_000, 55_000, "year")},
		{"Salary: £55,000", pay("GBP", 55_000, 55_000, "year")},
		{"USD 140,000 to 180,000 annually", pay("USD", 140_000, 180_000, "year")},
		{"CHF 120'000 - 140'000 per year", pay("CHF", 120_000, 140_000, "year")},
		{"Pay: $45 - $60 per hour", pay("USD", 45, 60, "hour")},
		{"$22.50/hr", posting.Pay{Currency: "USD", Min: 2250, Max: 2250, Period: "hour"}},
		{"Day rate: £450 - £500 per day", pay("GBP", 450, 500, "day")},
		{"15 000 - 20 000 PLN per month", pay("PLN", 15_000, 20_000, "month")},
		{"3.500 € monatlich", pay("EUR", 3500, 3500, "month")},
		{"CA$90,000 – CA$110,000", pay("CAD", 90_000, 110_000, "year")},
		{"We raised $30M in our Series B.", posting.Pay{}},
		{"We raised $30,000,000 last year.", posting.Pay{}},
		{"A learning budget of €1,500 per year", posting.Pay{}},
		{"$2 billion in assets", posting.Pay{}},
		{"We process $500,000 per day in payments", posting.Pay{}},
		{"sign-on bonus of $10,000", posting.Pay{}},
		{"5-7 years of experience, 401k", posting.Pay{}},
		{"competitive salary", posting.Pay{}},
		{"We raised $30M. The base salary is $100,000 - $120,000.", pay("USD", 100_000, 120_000, "year")},
		{"Benefits: €500 learning budget.\nSalary: €50,000 - €60,000", pay("EUR", 50_000, 60_000, "year")},
		{"", posting.Pay{}},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, posting.ReadPay(tt.text)); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSeniority(t *testing.T) {
	tests := []struct{ title, text, want string }{
		{"Senior Backend Engineer", "", "senior"},
		{"Sr. Data Engineer", "", "senior"},
		{"Engineer III", "", "senior"},
		{"Junior Developer", "", "junior"},
		{"Software Engineering Intern", "", "junior"},
		{"Werkstudent (m/w/d) Softwareentwicklung", "", "junior"},
		{"International Sales Engineer", "", ""},
		{"Internal Tools Engineer", "", ""},
		{"Staff Engineer", "", "staff"},
		{"Staff Accountant", "", ""},
		{"Staff Nurse", "5+ years of experience", "senior"},
		{"Lead Generation Specialist", "", ""},
		{"Lead Data Scientist", "", "lead"},
		{"Senior Engineering Manager", "", "lead"},
		{"Head of Data", "", "lead"},
		{"Mid-level Go Developer", "", "mid"},
		{"Backend Engineer", "You have 5+ years of professional experience.", "senior"},
		{"Backend Engineer", "3-5 years of experience with Go", "mid"},
		{"Backend Engineer", "1+ year of experience", "junior"},
		{"Backend Engineer", "Mindestens 3 Jahre Berufserfahrung", "mid"},
		{"Backend Engineer", "Our company has 20 years of history.", ""},
		{"Backend Engineer", "over 25 years of experience in the market", ""},
	}
	for _, tt := range tests {
		t.Run(tt.title+" "+tt.text, func(t *testing.T) {
			if got := posting.Seniority(tt.title, tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestRemote(t *testing.T) {
	tests := []struct{ title, location, text, want string }{
		{"Engineer", "Remote - US", "", "yes"},
		{"Engineer (Remote)", "Berlin", "", "yes"},
		{"Engineer", "Berlin (hybrid)", "", "hybrid"},
		{"Engineer", "Onsite, London", "", "no"},
		{"Engineer", "Berlin", "This position is fully remote.", "yes"},
		{"Engineer", "Berlin", "We are a remote-first company.", "yes"},
		{"Engineer", "Berlin", "This is a hybrid role.", "hybrid"},
		{"Engineer", "Berlin", "You spend two days a week in our office.", "hybrid"},
		{"Engineer", "Berlin", "This role is not remote.", "no"},
		{"Engineer", "Berlin", "Remote work is not possible.", "no"},
		{"Engineer", "Berlin", "This role is office-based.", "no"},
		{"Engineer", "Berlin", "You build hybrid cloud platforms.", ""},
		{"Engineer", "Berlin", "You know Microsoft Office and remote procedure calls.", ""},
		{"Engineer", "Berlin", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.title+tt.location+tt.text, func(t *testing.T) {
			if got := posting.Remote(tt.title, tt.location, tt.text); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

func TestLocation(t *testing.T) {
	for text, want := range map[string]string{
		"We build.\nLocation: Berlin, Germany\nMore.":    "Berlin, Germany",
		"Standort: München":                              "München",
		"Ubicación: Madrid":                              "Madrid",
		"The role is based in New York, United States.":  "New York, United States",
		"We are based in the Netherlands":                "Netherlands",
		"Evidence based in practice":                     "",
		"Your location matters: we pay by where you are": "",
		"": "",
	} {
		if got := posting.Location(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestLanguage(t *testing.T) {
	for text, want := range map[string]string{
		"We are looking for an engineer with experience in Go and you will work with our team on the platform.": "en",
		"Wir suchen für unser Team eine Person, die mit uns die Plattform baut und dabei viel lernt.":           "de",
		"Nous recherchons une personne pour rejoindre notre équipe et développer les outils de la plateforme.":  "fr",
		"Buscamos una persona con experiencia en Go para nuestro equipo, que trabaje con los datos y el diseño": "es",
		"Cerchiamo una persona per il nostro team che lavora con gli strumenti della piattaforma di dati":       "it",
		"Wij zoeken een ontwikkelaar voor ons team met ervaring en die graag werkt aan het platform bij ons":    "nl",
		"Procuramos uma pessoa com experiência para a nossa equipa, que trabalha com os dados e não só":         "pt",
		"私たちはエンジニアを募集しています。経験者歓迎。":                                                                              "ja",
		"Мы ищем разработчика с опытом работы на Go":                                                            "ru",
		"Go, Kafka, PostgreSQL": "",
		"":                      "",
	} {
		if got := posting.Language(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestClean(t *testing.T) {
	for text, want := range map[string]string{
		"We use Go & C < D, a->b.\n\n- as it is":                 "We use Go & C < D, a->b.\n\n- as it is",
		"<p>You know <b>Go</b></p><ul><li>Kafka</li></ul>":       "You know Go\n- Kafka",
		"&lt;p&gt;You &amp;amp; I&lt;/p&gt;&lt;p&gt;x&lt;/p&gt;": "You & I\nx",
		"Research &amp; Development":                             "Research & Development",
		"soft\u00ADware \u200Bengineer":                          "software engineer",
		"<script>alert(1)</script><p>Text</p>":                   "Text",
	} {
		if got := posting.Clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestSameJob(t *testing.T) {
	const text = "You build services in Go that move parcels around the world, with a team that reviews every change and writes tests first. " +
		"You know PostgreSQL and Kafka, and you like to explain what you do. We pay well, and we mean it when we say that you choose your hours. " +
		"Our parcels reach ninety countries, and each of them has rules of its own that our software has to keep."
	base := posting.Posting{Title: "Backend Engineer", Company: "Acme", Location: "Berlin", Description: text}
	change := func(f func(*posting.Posting)) posting.Posting { p := base; f(&p); return p }
	tests := []struct {
		name string
		p    posting.Posting
		want bool
	}{
		{"the same", base, true},
		{"legal form and gender", change(func(p *posting.Posting) { p.Company, p.Title = "Acme GmbH", "Backend Engineer (m/w/d)" }), true},
		{"a sentence more", change(func(p *posting.Posting) { p.Description += " Apply today." }), true},
		{"a word in the title", change(func(p *posting.Posting) { p.Title = "Backend Software Engineer" }), true},
		{"no place", change(func(p *posting.Posting) { p.Location = "" }), true},
		{"another place", change(func(p *posting.Posting) { p.Location = "Munich" }), false},
		{"another level", change(func(p *posting.Posting) { p.Title = "Senior Backend Engineer" }), false},
		{"another work", change(func(p *posting.Posting) { p.Title = "Product Designer" }), false},
		{"another company", change(func(p *posting.Posting) { p.Company = "Umbra" }), false},
		{"another text", change(func(p *posting.Posting) {
			p.Description = "Design our warehouses' screens: interviews, sketches and prototypes in Figma, with people who pack parcels at night. You measure what you change."
		}), false},
	}
	a := posting.PrintOf(&base)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := posting.PrintOf(&tt.p)
			meet := false
			for i := range a.Near {
				meet = meet || a.Near[i] == b.Near[i]
			}
			apart := posting.Apart(a.SimHash, b.SimHash)
			got := meet && posting.SameJob(base.Title, base.Location, tt.p.Title, tt.p.Location, apart)
			if got != tt.want {
				t.Errorf("got %v (they meet: %v, %d bits apart), want %v", got, meet, apart, tt.want)
			}
		})
	}
}
