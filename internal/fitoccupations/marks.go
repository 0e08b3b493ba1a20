package main

import (
	"strings"

	"github.com/gapwise/gapwise/gapanalysis"
)

// marks are words that people of an occupation use of their work, written down for this project from knowledge of the trade. They make up for what the
// public lists lack, which name technologies and hardly any duties, and few jobs in security, networks and the care of systems.
func marks() map[string][]string {
	split := func(s string) []string {
		var out []string
		for m := range strings.SplitSeq(s, ",") {
			out = append(out, strings.TrimSpace(m))
		}
		return out
	}
	return map[string][]string{
		gapanalysis.SoftwareDeveloper: split(`c++, c#, .net, asp.net, visual studio, algorithms, data structures, git, agile, unit testing, object oriented, api, wcf, mvc, entity framework, linq,
			design patterns, software, software development, code reviews, debugging, android, embedded, qt, node.js, tfs, sdlc, requirements, coding, programming, software design, computer science, multithreading,
			visual basic, wpf, winforms, code, implemented, bugs, features, application, applications, desktop application, windows forms, ado.net, rest api, microservices, golang, ruby on rails, scala, kotlin, swift,
			ios, xamarin, opengl, matlab, perl, shell, sql server, stored procedures, continuous integration, jenkins, docker, test driven development, refactoring, user stories, scrum, web services, t-sql, developed,
			release, cobol, mainframe, jcl, svn, subversion, jira, technical design, data access layer, business logic, crystal reports, c, vb.net, telerik, boost, stl, gdb, cmake,
			kafka, grpc, kubernetes, distributed systems, backend, back end, rest apis, graphql, go, rust, latency, throughput, unit tests, integration tests, pull requests, code base, legacy code, sdk, library, compiler,
			mobile app, android studio, objective-c, unity, firmware, rtos, linux kernel, drivers, message queues, rabbitmq, redis, node, typescript, windows services, mvvm, silverlight, software engineering, system design, prototype`),
		gapanalysis.FrontEndDeveloper: split(`html5, css3, javascript, jquery, angularjs, angular, react, react.js, redux, bootstrap, sass, less, responsive, responsive design, cross browser, browser compatibility, wireframes, mockups,
			webpack, typescript, ajax, json, grunt, gulp, npm, ui, ux, photoshop, figma, sketch, accessibility, wcag, front end, frontend, user interface, single page application, vue.js, ember.js, backbone.js,
			knockout, d3.js, jasmine, karma, jest, es6, dom, pixel perfect, media queries, components, flexbox, material design, bower, babel, node.js, user experience, design team, designers, prototypes, web pages,
			style guide, invision, handlebars, storybook, mocha, protractor, ng, kendo ui, css, html, svg, animations, mobile first`),
		gapanalysis.WebDeveloper: split(`php, wordpress, html, css, drupal, joomla, mysql, cms, laravel, codeigniter, magento, seo, websites, website, dreamweaver, photoshop, e-commerce, ecommerce, asp.net, web pages, hosting, cpanel,
			jquery, javascript, bootstrap, google analytics, web development, web design, content management, landing pages, plugins, themes, themes and plugins, shopify, woocommerce, adobe, illustrator, ftp, domains, dns, apache, lamp, ajax, web application,
			web applications, web site, flash, actionscript, coldfusion, newsletter, email templates, blog, social media, graphics, banners, xhtml, responsive, clients, filezilla, symfony, cakephp, zend, ruby on rails, node.js,
			search engine, intranet, forms, xml, design, sitecore, umbraco, godaddy, html emails, paypal, shopping cart, sites, css3, html5`),
		gapanalysis.PythonDeveloper: split(`python, django, flask, pandas, numpy, pycharm, sqlalchemy, pytest, jupyter, scipy, beautifulsoup, beautiful soup, celery, boto, boto3, scikit-learn, matplotlib, pyspark, virtualenv, jinja, wsgi, pymongo,
			pylons, web2py, pyramid, python scripts, python libraries, django framework, django orm, python modules, restful, aws, lambda, postgresql, mysqldb, urllib, anaconda, python 2.7, python 3, machine learning, scrapy,
			scraping, pyqt, tkinter, wxpython, tornado, fastapi, gunicorn, pylint, unittest, nose, django templates, sublime text, python script, automation scripts, rest, mongodb, redis, rabbitmq, heroku, csv, selenium python,
			data analysis, tensorflow, keras, requests, xlrd, pip, ipython, eclipse pydev, pydev, seaborn, nltk, airflow, json`),
		gapanalysis.JavaDeveloper: split(`java, spring, hibernate, struts, jsp, servlets, ejb, jdbc, jms, junit, maven, log4j, tomcat, weblogic, websphere, jboss, soap, restful, j2ee, eclipse, ant, jpa, spring boot, microservices, multithreading,
			core java, collections, spring mvc, spring ioc, dependency injection, jsf, jstl, jax-ws, jax-rs, jaxb, wsdl, soapui, dao, mockito, rational rose, uml, rad, intellij, ibatis, mybatis, swing, applets, xslt, spring security,
			spring data, aop, spring batch, java 8, jndi, mdb, session beans, struts 2, tiles, application server, apache tomcat, xml, xsd, sax, dom, javabeans, tag libraries, kafka, cassandra, apache camel, sonar, gradle,
			design patterns, singleton, mvc, oracle, pl sql, web services, hql, servlet, junit test cases, clear case, jrebel, gwt, netbeans, jenkins, spring core, cvs, use case diagrams`),
		gapanalysis.NetworkAdministrator: split(`routers, switches, router, switch, cisco, vlan, vlans, lan, wan, bgp, ospf, eigrp, cisco asa, firewall, firewalls, vpn, ccna, ccnp, ccie, nexus, juniper, wireless, f5, mpls, palo alto, wireshark, dhcp, dns, voip, catalyst,
			cabling, cisco ios, routing, switching, routing protocols, spanning tree, stp, hsrp, vrrp, glbp, access lists, acl, nat, tcp ip, subnetting, network devices, network infrastructure, solarwinds, netflow, qos, ipsec, site to site, access points,
			wlc, wi-fi, aruba, meraki, fortinet, checkpoint, sonicwall, load balancer, load balancers, rip, vtp, port security, trunking, etherchannel, data center, topology, bandwidth, packet, snmp, network monitoring, network design,
			troubleshooting network, t1, isp, fiber, cisco call manager, call manager, telephony, noc, circuits, ios upgrades, layer 2, layer 3, cisco catalyst, network connectivity, racks, patch panels, big ip, ise, tacacs, ethernet, ip addressing, vdc, vpc, sd-wan`),
		gapanalysis.SystemsAdministrator: split(`servers, active directory, group policy, vmware, esxi, vsphere, vcenter, backup, backups, patch, patching, patches, exchange, exchange server, windows server, windows server 2008, windows server 2012, red hat, rhel, centos, troubleshooting,
			tickets, workstations, imaging, sccm, office 365, san, user accounts, raid, help desk, desktop, hyper-v, citrix, linux, unix, solaris, aix, hp-ux, system administration, wsus, dns, dhcp, file server, print server, printers, veritas, netbackup, veeam,
			backup exec, server hardware, virtual machines, virtualization, powershell, storage, nas, lvm, nfs, samba, kickstart, puppet, ansible, satellite, yum, rpm, bash, cron, file systems, file system, oracle linux, suse, ubuntu, blade, dell, hp proliant, emc, netapp,
			it support, end users, laptops, hardware, software installation, remote desktop, permissions, disaster recovery, uptime, nagios, system logs, iis, ad, domain controllers, terminal server, mcse, mcsa, rhcsa, rhcsa, comptia a, onboarding, servicenow,
			antivirus, inventory, users, server administration, system upgrades, solaris 10, zones, zfs, veritas volume manager, kernel, hardening, sharepoint, performance monitoring, ldap, apache`),
		gapanalysis.DatabaseAdministrator: split(`dba, rman, data guard, dataguard, rac, oracle rac, asm, oem, backup and recovery, replication, log shipping, mirroring, database mirroring, always on, alwayson, tablespaces, tablespace, indexes, performance tuning, tuning, sql server 2008, sql server 2012,
			sql server 2005, ssis, ssrs, ssas, exadata, golden gate, goldengate, cloning, awr, addm, statspack, data pump, datapump, export import, expdp, impdp, stored procedures, database patching, dbcc, failover clustering, clustering, pl sql, t-sql, high availability, mysql, postgresql, db2, sybase,
			mongodb, database, databases, production databases, oracle 11g, oracle 12c, oracle 10g, database administration, database design, data modeling, erwin, schema, schemas, sql profiler, query, queries, execution plans, explain plan, sql loader, logins, restores, restore, backups,
			transactional replication, database migration, upgrades, capacity planning, refresh, oracle enterprise manager, toad, sql developer, triggers, views, archive log, redo, undo, listener, grid, standby, physical standby, opatch, cpu patches, psu, maintenance plans, sql agent, jobs,
			integrity checks, fragmentation, deadlocks, locks, blocking, database security, roles and privileges, normalization, ddl, sql tuning, partitioning, etl, data warehouse, reorg, runstats, udb, idera, redgate, sql litespeed, database objects, instances`),
		gapanalysis.SecurityAnalyst: split(`security, information security, cyber security, siem, splunk, arcsight, qradar, nessus, vulnerability, vulnerabilities, vulnerability scans, vulnerability assessment, penetration testing, incident response, incidents, phishing, malware, ids, ips, ids ips, nist, nist 800-53,
			nist sp, fisma, poa m, ato, rmf, stig, fedramp, risk assessment, risk, iso 27001, pci dss, hipaa, sox, compliance, audit, audits, controls, security controls, security policies, threat, threats, threat intelligence, soc, cissp, security+, ceh, cisa, cism, fips, sp 800-37, ssp, system security plan,
			snort, tcpdump, wireshark, firewalls, metasploit, burp suite, kali, nmap, qualys, rapid7, forensics, encase, carbon black, crowdstrike, endpoint, dlp, symantec, mcafee, encryption, pki, identity, access management, iam, security awareness, security assessment, accreditation, certification and accreditation,
			remediation, mitigation, intrusion detection, intrusion, log analysis, monitoring, alerts, escalated, sourcefire, fireeye, security events, security incidents, owasp, authorization, plan of action, continuous monitoring, contingency plan, fips 199, cyberark, clearance, secret, top secret, acas, eramba, dos, ddos, event`),
		gapanalysis.ITProjectManager: split(`project, projects, project management, project plan, project plans, deliverables, milestones, budget, budgets, stakeholders, stakeholder, scope, schedule, schedules, risk, risk mitigation, risks and issues, status reports, vendors, vendor management, resource allocation, pmp, pmo, ms project,
			microsoft project, kickoff, cross functional, cross-functional, timelines, project charter, change management, change control, sow, statement of work, rfp, forecasting, cost, program, portfolio, waterfall, agile, scrum, scrum master, sprint planning, executive, executives, steering committee,
			business requirements, requirements gathering, on time, within budget, status meetings, meetings, project lifecycle, sdlc, pmi, pmbok, prince2, itil, six sigma, business analysts, implementation, rollout, clarity, sharepoint, visio, leadership, led, managed, teams, team members, contracts, negotiated,
			communication plan, gantt, wbs, work breakdown structure, lessons learned, coordinated, budgeting, resource planning, business case, senior management, customers, offshore, planning, estimates, project schedule, dependencies, action items, issue log, roi, csm, kanban, backlog, governance, jira, confluence, go-live, uat, training`),
	}
}

// common are words that stand in resumes of every occupation and say little of any.
func common() []string {
	return strings.Split("python,java,sql,javascript,html,css,linux,git,c++,windows,oracle,mysql,aws,docker,jira,agile,security,network,troubleshooting,testing,project,team,customer,customers,support,"+
		"management,microsoft office,excel,word,powerpoint,database,servers,monitoring,documentation,training,reports,design,development,installation,configuration,maintenance,user,users,software,hardware,"+
		"analysis,systems,web,application,applications,communication,leadership,sql server,access,unix,xml,json,bash,powershell,php,scrum,jenkins,azure,tcp ip,dns,visio,sharepoint,planning,implementation,"+
		"requirements,scripts,data,business,technical,problem solving,microsoft,cloud,api,rest,performance,quality,process,operations,vmware,cisco,r,c,c#,shell,ruby,mongodb,postgresql,tableau", ",")
}
