package resume_test

import (
	"strings"
	"testing"

	"github.com/gapwise/gapwise/resume"
)

// TestHeadingsOfLanguages has the headings that resumes of each language use, each before a line of text.
func TestHeadingsOfLanguages(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		language string
		kind     resume.SectionKind
		headings string
	}{
		{"English", resume.SectionSkills, "Skills|TECHNICAL SKILLS|Skills Matrix|Skills (my own rating, 1 = have seen it, 5 = could teach it)|Competences (self-assessment)|Tools and Level|Skills in my own words|Core Competencies|Tech Stack"},
		{"English", resume.SectionExperience, "Experience|Work History|Employment|Professional Experience|Experience (selected)"},
		{"English", resume.SectionEducation, "Education|Coursework|Academic Background"},
		{"English", resume.SectionCertifications, "Certifications|Licenses and Certifications"},
		{"German", resume.SectionSkills, "Kenntnisse|KENNTNISSE|Kenntnisse (Selbsteinschätzung)|IT-Kenntnisse|Fachkenntnisse|EDV-Kenntnisse|Fähigkeiten|Kompetenzen|Technische Kenntnisse|Kenntnisse und Fähigkeiten|Programmiersprachen|Kernkompetenzen"},
		{"German", resume.SectionExperience, "Berufserfahrung|Beruflicher Werdegang|Werdegang|Praktika|Berufliche Stationen|Praktische Erfahrung"},
		{"German", resume.SectionEducation, "Ausbildung|Studium|Schulbildung|Weiterbildungen|Akademische Ausbildung|Bildungsweg"},
		{"German", resume.SectionProjects, "Projekte|Eigene Projekte|Ausgewählte Projekte"},
		{"German", resume.SectionSummary, "Profil|Kurzprofil|Über mich|Zusammenfassung"},
		{"German", resume.SectionCertifications, "Zertifikate|Zertifizierungen"},
		{"German", resume.SectionInterests, "Interessen|Hobbys|Freizeit"},
		{"French", resume.SectionSkills, "Compétences|COMPÉTENCES|COMPETENCES TECHNIQUES|Compétences techniques|Savoir-faire|Outils et technologies|Langages et outils|Connaissances|Environnement technique|Compétences informatiques"},
		{"French", resume.SectionExperience, "Expérience|Expériences professionnelles|EXPÉRIENCE PROFESSIONNELLE|Parcours professionnel|Stages"},
		{"French", resume.SectionEducation, "Formation|Formations|Études|Diplômes|Formation académique"},
		{"French", resume.SectionProjects, "Projets|Projets personnels|Réalisations"},
		{"French", resume.SectionSummary, "Profil|À propos|Résumé|Présentation"},
		{"French", resume.SectionCertifications, "Certifications|Certificats"},
		{"French", resume.SectionInterests, "Loisirs|Centres d'intérêt"},
		{"Spanish", resume.SectionSkills, "Competencias|COMPETENCIAS|Habilidades|Conocimientos|Conocimientos técnicos|Aptitudes|Tecnologías|Herramientas|Habilidades técnicas|Conocimientos informáticos"},
		{"Spanish", resume.SectionExperience, "Experiencia|Experiencia laboral|EXPERIENCIA PROFESIONAL|Trayectoria profesional|Historial laboral|Prácticas"},
		{"Spanish", resume.SectionEducation, "Formación|Educación|Formación académica|Estudios"},
		{"Spanish", resume.SectionProjects, "Proyectos|Proyectos personales"},
		{"Spanish", resume.SectionSummary, "Perfil|Sobre mí|Resumen|Perfil profesional|Acerca de mí"},
		{"Spanish", resume.SectionCertifications, "Certificaciones|Certificados"},
		{"Spanish", resume.SectionPublications, "Publicaciones|Publicaciones y charlas"},
		{"Spanish", resume.SectionInterests, "Intereses|Aficiones"},
		{"Italian", resume.SectionSkills, "Competenze|Competenze tecniche|Capacità e competenze|Conoscenze informatiche"},
		{"Italian", resume.SectionExperience, "Esperienza lavorativa|Esperienze professionali"},
		{"Italian", resume.SectionEducation, "Istruzione e formazione|Formazione"},
		{"Portuguese", resume.SectionSkills, "Competências|Habilidades|Conhecimentos técnicos"},
		{"Portuguese", resume.SectionExperience, "Experiência profissional|Percurso profissional"},
		{"Portuguese", resume.SectionEducation, "Formação académica|Formação Acadêmica|Educação"},
		{"Dutch", resume.SectionSkills, "Vaardigheden|Competenties|Technische vaardigheden"},
		{"Dutch", resume.SectionExperience, "Werkervaring|Ervaring"},
		{"Dutch", resume.SectionEducation, "Opleidingen|Opleiding"},
	} {
		for heading := range strings.SplitSeq(tt.headings, "|") {
			doc, err := resume.NewReader(nil).Read(t.Context(), "cv.txt", []byte("Jo Doe\njo@example.org\n\n"+heading+"\n\nGo, Rust, SQL, Docker, Linux\n"))
			if err != nil {
				t.Fatal(err)
			}
			if last := doc.Sections[len(doc.Sections)-1]; last.Kind != tt.kind || !strings.Contains(heading, last.Heading) {
				t.Errorf("%s: %q is the heading of %s (%q), want %s", tt.language, heading, last.Kind, last.Heading, tt.kind)
			}
		}
	}
}
