package filetext_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/internal/filetext"
	"github.com/gapwise/gapwise/internal/pagetext"
)

const goodText = `Jane Doe jane.doe@example.org +49 30 123456 linkedin.com/in/janedoe
Senior Backend Engineer at Acme GmbH from January 2019 until today
Built REST services in Go and PostgreSQL on Kubernetes for two million customers
Led the migration of the JavaScript frontend to TypeScript and GraphQL`

func TestWrongness(t *testing.T) {
	t.Parallel()
	private := strings.Map(func(r rune) rune {
		if r > ' ' {
			return r - ' ' + 0xF000
		}
		return r
	}, goodText)
	for _, tt := range []struct {
		name     string
		text     string
		from, to float64
	}{
		{"English", goodText, 0, 0.1},
		{"German", "Verantwortlich für die Weiterentwicklung der Kraftfahrzeughaftpflichtversicherung und Qualitätssicherung im Rechenzentrum", 0, 0.3},
		{"French", "Développeur confirmé chez Société Générale, responsible de l’équipe « données » à Paris — anglais courant", 0, 0.1},
		{"Polish", "Źdźbło trawy, szczęście i wstrząs: programista w Łodzi, doświadczenie w chmurze oraz bezpieczeństwo", 0, 0.1},
		{"Russian", "Ведущий разработчик в Москве, опыт работы с базами данных и распределёнными системами", 0, 0.1},
		{"Chinese", "高级软件工程师负责后端服务的设计与开发工作使用语言和数据库以及容器编排平台", 0, 0},
		{"Thai", "วิศวกรซอฟต์แวร์อาวุโสรับผิดชอบการพัฒนาระบบเบื้องหลังและฐานข้อมูลขนาดใหญ่", 0, 0},
		{"Arabic", "مهندس برمجيات أول مسؤول عن تطوير الخدمات الخلفية وقواعد البيانات في برلين", 0, 0.1},
		{"a list of short forms", "HTML CSS SQL gRPC MySQL PHP kubectl npm yml TCP HTTP AWS GCP dbt Git Rust Java Ruby Scala Swift", 0, 0.39},
		{"some icons", "\uf095 +49 30 123456 \uf0e0 jane@example.org \uf09b janedoe \uf08c janedoe Berlin, Germany", 0, 0.39},
		{"too little to tell", "\uf095\uf096", 0, 0},
		{"addresses", "https://www.example.org/averylongpathwithoutanyspacesatallinitanywhere/index jane.doe.of.example@example.org", 0, 0.39},

		{"private use throughout", private, 1, 1},
		{"replacement characters", strings.Repeat("\ufffd\ufffd\ufffd\ufffd ab ", 20), 0.9, 1},
		{"spaces lost within lines", strings.ReplaceAll(goodText, " ", ""), 0.7, 1},
		{"spaces lost before capitals", "ResponsibleForTheBackendOfAll ServicesInGoAndPostgreSQLToo BuiltTheMigrationOfEverything LedATeamOfFiveEngineers", 0.9, 1},
		{"UTF-8 as Latin-1", "DÃ©veloppeur confirmÃ© chez SociÃ©tÃ© GÃ©nÃ©rale, responsible de lâ€™Ã©quipe Ã  Paris, anglais trÃ¨s courant, prÃ©cÃ©demment ingÃ©nieur", 0.8, 1},
		{"letters shifted by one", strings.Map(func(r rune) rune {
			if r >= 'a' && r < 'z' {
				return r + 1
			}
			return r
		}, strings.ToLower("senior backend engineer with experience in building large systems and leading small teams of people")), 0.4, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := filetext.Wrongness(tt.text); got < tt.from || got > tt.to {
				t.Errorf("%.2f, want %.2f to %.2f", got, tt.from, tt.to)
			}
		})
	}
}

func TestBetter(t *testing.T) {
	t.Parallel()
	glued := strings.ReplaceAll(goodText, " ", "")
	bad := pagetext.Broken
	for _, tt := range []struct {
		name          string
		first, second []string // pages; "lost" is one that could not be read
		firstErr      error
		secondErr     error
		want          string // pages
		engine        string
		reason        pagetext.Reason
	}{
		{"good text stays", []string{goodText}, []string{"Jane"}, nil, nil, goodText, "one", ""},
		{"a page is taken", []string{goodText, glued}, []string{glued, goodText}, nil, nil, goodText + "\f" + goodText, "one+two", ""},
		{"all pages are taken", []string{glued}, []string{goodText}, nil, nil, goodText, "two", ""},
		{"both are wrong", []string{glued}, []string{glued + "x"}, nil, nil, glued, "one", ""},
		{"less text is not better", []string{strings.Repeat(glued, 5)}, []string{"Jane Doe"}, nil, nil, strings.Repeat(glued, 5), "one", ""},
		{"a lost page is found", []string{goodText, "lost"}, []string{goodText, goodText}, nil, nil, goodText + "\f" + goodText, "one+two", ""},
		{"the first cannot open it", nil, []string{goodText}, bad, nil, goodText, "two", ""},
		{"the first fell over on the way, the second all along", []string{goodText}, nil, bad, bad, goodText + "\flost", "one", ""},
		{"neither opens it", nil, nil, bad, bad, "", "one", bad},
		{"the second knows why", nil, nil, bad, pagetext.Password, "", "two", pagetext.Password},
		{"every page is lost", []string{"lost"}, nil, nil, bad, "", "one", bad},
		{"every page is lost to the first", []string{"lost"}, []string{goodText, goodText}, nil, nil, goodText + "\f" + goodText, "two", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pages, engine, err := filetext.Better(tt.first, tt.firstErr, tt.second, tt.secondErr)
			if got := strings.Join(pages, "\f"); got != tt.want || engine != tt.engine || pagetext.ReasonOf(err) != tt.reason {
				t.Errorf("%s's %q, %v; want %s's %q, %q", engine, got, err, tt.engine, tt.want, tt.reason)
			}
		})
	}
}
