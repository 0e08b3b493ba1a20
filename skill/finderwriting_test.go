package skill_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestFindWaysOfWriting is how people write names: joined, spaced, in lists, with versions.
func TestFindWaysOfWriting(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"F#", "F#, OCaml", []string{"F#=fsharp", "OCaml=ocaml"}},
		{"CI/CD", "CI/CD, CI-CD, CICD, CI & CD", []string{"CI/CD=continuous-delivery", "CI-CD=continuous-delivery", "CICD=continuous-delivery", "CI & CD=continuous-delivery"}},
		{"k8s", "k8s and K8S", []string{"k8s=kubernetes", "K8S=kubernetes"}},
		{"slashes", "Python/Django/Flask", []string{"Python=python", "Django=django", "Flask=flask"}},
		{"brackets", "AWS (EC2, S3, Lambda)", []string{"AWS=aws", "EC2=amazon-ec2", "S3=amazon-s3", "Lambda=aws-lambda"}},
		{"C/C++", "C/C++, Linux", []string{"C=c", "C++=cpp", "Linux=linux"}},
		{"C, C++ and C#", "C, C++ and C#", []string{"C=c", "C++=cpp", "C#=csharp"}},
		{"HTML5/CSS3", "HTML5/CSS3", []string{"HTML5=html", "CSS3=css"}},
		{"TCP/IP is one name", "TCP/IP", []string{"TCP/IP=tcp-ip"}},
		{"PL/SQL is one name", "PL/SQL, T-SQL", []string{"PL/SQL=plsql", "T-SQL=tsql"}},
		{"joined by plus", "React+Redux", []string{"React=react", "Redux=redux"}},
		{"joined by ampersand", "Docker&Kubernetes", []string{"Docker=docker", "Kubernetes=kubernetes"}},
		{"middle dots", "Kafka·Redis•Docker", []string{"Kafka=kafka", "Redis=redis", "Docker=docker"}},
		{"versions in a row", "Java 8/11/17, Kotlin", []string{"Java=java", "Kotlin=kotlin"}},
		{"version and more", "Angular 2+, Kafka 3.x", []string{"Angular 2+=angular", "Kafka=kafka"}},
		{"version attached", "Python3/PostgreSQL14", []string{"Python3=python", "PostgreSQL14=postgresql"}},
		{"v before a version", "Terraform v1.5", []string{"Terraform=terraform"}},
		{".NET Core", "ASP.NET Core 6, .NET Core 3.1, .NET 8", []string{"ASP.NET Core=aspnet-core", ".NET Core=dotnet", ".NET=dotnet"}},
		{"ES6", "ES6 and ES2015+", []string{"ES6=javascript", "ES2015=javascript"}},
		{"plurals", "microservices, APIs, Dockerfiles, webhooks", []string{"microservices=microservices", "APIs=api-design", "Dockerfiles=docker", "webhooks=webhooks"}},
		{"hyphens", "real-time processing, event driven architecture", []string{"real-time processing=stream-processing", "event driven architecture=event-driven-architecture"}},
		{"platform is no form", "platform, formidable, interface, Goethe, Javanese", []string{}},
		{"capitals throughout", "SKILLS: JAVA, C, R, GO", []string{"JAVA=java", "C=c", "R=r", "GO=go"}},
		{"capitals that are no names", "GO TO MARKET STRATEGY AND THE REST OF THE TEAMS", []string{}},
	}
	f := newFinder(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, spell(f.Find(tt.text))); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}

// TestFindUnicode is what files hold in place of the letters that one sees. The spans cover all of it.
func TestFindUnicode(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, text string
		want       []string
	}{
		{"full width", "Ｋａｆｋａ、Ｃ＋＋、Python", []string{"Ｋａｆｋａ=kafka", "Ｃ＋＋=cpp", "Python=python"}},
		{"combining marks", "Ge\u0301ostatistique et Kafka", []string{"Ge\u0301ostatistique=geostatistics", "Kafka=kafka"}},
		{"a mark at the end", "Docker\u0301 Kafka", []string{"Kafka=kafka"}},
		{"soft hyphens", "Ku\u00adber\u00adne\u00adtes", []string{"Ku\u00adber\u00adne\u00adtes=kubernetes"}},
		{"zero width space", "Docker\u200bKafka, Post\u200bgreSQL", []string{"Post\u200bgreSQL=postgresql"}},
		{"byte order mark", "\ufeffKafka", []string{"Kafka=kafka"}},
		{"ligatures", "con\ufb01guration management, Net\ufb02ix, Ten\u017forFlow", []string{"con\ufb01guration management=configuration-management"}},
		{"ligature in a name", "Tensor\ufb02ow and Cloud\ufb02are3", []string{"Tensor\ufb02ow=tensorflow"}},
		{"curly quotes", "‘Kafka’ and “Docker”’s", []string{"Kafka=kafka", "Docker=docker"}},
		{"a word broken at a line's end", "Ran Kuber-\nnetes and Post-\r\ngreSQL.", []string{"Kuber-\nnetes=kubernetes", "Post-\r\ngreSQL=postgresql"}},
		{"a name broken at its hyphen", "machine-\nlearning and real-\ntime processing", []string{"machine-\nlearning=machine-learning", "real-\ntime processing=stream-processing"}},
		{"broken by a soft hyphen", "Kuber\u00ad\nnetes", []string{"Kuber\u00ad\nnetes=kubernetes"}},
		{"no word is made over lines", "Dock-\ner of ships, Dock -\ner", []string{"Dock-\ner=docker"}},
		{"no-break space and hyphen", "Ruby\u00a0on\u00a0Rails, CI\u2011CD", []string{"Ruby\u00a0on\u00a0Rails=rails", "CI\u2011CD=continuous-delivery"}},
		{"emoji between", "Kafka🚀Docker ☸️Kubernetes", []string{"Kafka=kafka", "Docker=docker", "Kubernetes=kubernetes"}},
	}
	f := newFinder(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := f.Find(tt.text)
			valid(t, tt.text, got)
			if diff := cmp.Diff(tt.want, spell(got)); diff != "" {
				t.Errorf("%q (-want +got):\n%s", tt.text, diff)
			}
		})
	}
}
