# Thin: every target is a command that can be typed by hand.

SHELL = /bin/bash
PYTHON ?= /usr/bin/python3
DESTDIR ?=
prefix ?= /usr
appdir = $(prefix)/share/guestseal
unitdir = $(prefix)/lib/systemd/system
catalogdir = $(prefix)/lib/systemd/catalog

# The linters only: the tests run with the distribution's Python and libraries, as users do.
VENV = .venv

.PHONY: help rehearse deps test-deps test vm bench install clean

help:
	@echo 'make rehearse   prepare this machine and rehearse: seal and clone a view of it (REHEARSE="--source cloudstack")'
	@echo 'make test       prepare and run the tests (root, Debian: they boot containers)'
	@echo 'make vm         the tests on virtual machines (QEMU without KVM: minutes)'
	@echo 'make bench      measure, and print the tables'
	@echo 'make install    install below DESTDIR, units included; nothing is started or enabled'

rehearse: deps
	$(PYTHON) -m guestseal rehearse $(REHEARSE)

deps:
	bash packaging/install-dependencies run

test-deps:
	bash packaging/install-dependencies test
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt

test: test-deps
	$(PYTHON) -m pytest $(TESTS)

vm: test-deps
	bash packaging/install-dependencies vm
	$(PYTHON) -m pytest -m vm -o log_cli=true -o log_cli_level=INFO tests/vm $(TESTS)

bench: test-deps
	$(PYTHON) -m tests.bench $(BENCH)

install:
	install -d $(DESTDIR)$(appdir) $(DESTDIR)$(prefix)/bin $(DESTDIR)$(unitdir) $(DESTDIR)$(prefix)/lib/systemd/system-preset
	cp -pr guestseal $(DESTDIR)$(appdir)/
	find $(DESTDIR)$(appdir) -name __pycache__ -prune -exec rm -rf {} +
	sed -e 's,@appdir@,$(appdir),' -e 's,@main@,main,' packaging/guestseal.in > $(DESTDIR)$(prefix)/bin/guestseal
	sed -e 's,@appdir@,$(appdir),' -e 's,@main@,seal_main,' packaging/guestseal.in > $(DESTDIR)$(prefix)/bin/seal
	chmod 0755 $(DESTDIR)$(prefix)/bin/guestseal $(DESTDIR)$(prefix)/bin/seal
	install -m 0644 systemd/*.service systemd/*.timer $(DESTDIR)$(unitdir)/
	install -m 0644 systemd/90-guestseal.preset $(DESTDIR)$(prefix)/lib/systemd/system-preset/
	install -D -m 0644 systemd/guestseal.catalog $(DESTDIR)$(catalogdir)/guestseal.catalog

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache
