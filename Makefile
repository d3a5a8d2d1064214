# Thin: every target is a command that can be typed by hand.

SHELL = /bin/bash
PYTHON ?= /usr/bin/python3
DESTDIR ?=
prefix ?= /usr
appdir = $(prefix)/share/guestseal
unitdir = $(prefix)/lib/systemd/system
catalogdir = $(prefix)/lib/systemd/catalog
configdir = /etc/guestseal
mandir = $(prefix)/share/man
bashdir = $(prefix)/share/bash-completion/completions
# Debian's packages take /usr/share/zsh/vendor-completions.
zshdir = $(prefix)/share/zsh/site-functions
fishdir = $(prefix)/share/fish/vendor_completions.d

# Test files that run at the same time: half of the time they wait for machines that boot.
JOBS ?= 2

# The linters only: the tests run with the distribution's Python and libraries, as users do.
VENV = .venv
MANUAL = build/manual

.PHONY: help rehearse deps test-deps test test-packages test-matrix vm test-vm bench deb rpm install manual install-manual clean

help:
	@echo 'make rehearse   prepare this machine and rehearse: seal and clone a view of it (REHEARSE="--source cloudstack")'
	@echo 'make test       prepare and run the tests (root, Debian: they boot containers)'
	@echo 'make vm         the clone laboratory: virtual machines from a master to its clones (QEMU without KVM: minutes)'
	@echo 'make test-vm    that, and all other tests on virtual machines'
	@echo 'make bench      measure, and print the tables'
	@echo 'make deb rpm    build the packages in build/'
	@echo 'make test-packages   the packages on every release that they are for (minutes)'
	@echo 'make test-matrix     the unit tests with the Python and libraries of every release (minutes each)'
	@echo 'make install    install below DESTDIR, units included; nothing is started or enabled'
	@echo 'make install-manual  the manual pages and completions, which it makes (python3-docutils)'

rehearse: deps
	$(PYTHON) -m guestseal rehearse $(REHEARSE)

deps:
	bash packaging/install-dependencies run

test-deps:
	bash packaging/install-dependencies test
	test -x $(VENV)/bin/python || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/python -m pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt

test: test-deps
	$(PYTHON) -m pytest --numprocesses $(JOBS) --dist loadfile $(TESTS)

vm: VM_TESTS = tests/vm/test_vm_laboratory.py
test-vm: VM_TESTS = tests/vm
vm test-vm: test-deps
	bash packaging/install-dependencies vm
	$(PYTHON) -m pytest -m vm -o log_cli=true -o log_cli_level=INFO $(VM_TESTS) $(TESTS)

deb rpm:
	bash packaging/install-dependencies package
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/nonexistent bash packaging/build-package $@ build

test-packages: test-deps
	$(PYTHON) -m pytest -m 'packages or not packages' tests/packaging tests/system/test_laboratory.py $(TESTS)

test-matrix: test-deps
	bash packaging/install-dependencies matrix
	$(PYTHON) -m tests.matrix $(MATRIX)

bench: test-deps
	$(PYTHON) -m tests.bench $(BENCH)

install:
	install -d $(DESTDIR)$(appdir) $(DESTDIR)$(prefix)/bin $(DESTDIR)$(unitdir) $(DESTDIR)$(prefix)/lib/systemd/system-preset
	install -d $(DESTDIR)$(configdir)/guestseal.conf.d
	cp -pr guestseal $(DESTDIR)$(appdir)/
	find $(DESTDIR)$(appdir) -name __pycache__ -prune -exec rm -rf {} +
	sed -e 's,@appdir@,$(appdir),' -e 's,@main@,main,' packaging/guestseal.in > $(DESTDIR)$(prefix)/bin/guestseal
	sed -e 's,@appdir@,$(appdir),' -e 's,@main@,seal_main,' packaging/guestseal.in > $(DESTDIR)$(prefix)/bin/seal
	chmod 0755 $(DESTDIR)$(prefix)/bin/guestseal $(DESTDIR)$(prefix)/bin/seal
	install -m 0644 systemd/*.service systemd/*.timer $(DESTDIR)$(unitdir)/
	install -m 0644 systemd/90-guestseal.preset $(DESTDIR)$(prefix)/lib/systemd/system-preset/
	install -D -m 0644 systemd/guestseal.catalog $(DESTDIR)$(catalogdir)/guestseal.catalog
	test -e $(DESTDIR)$(configdir)/guestseal.conf || { \
		$(PYTHON) -B packaging/make-configuration > $(DESTDIR)$(configdir)/guestseal.conf && \
		chmod 0644 $(DESTDIR)$(configdir)/guestseal.conf; }

manual:
	$(PYTHON) -B packaging/manual $(MANUAL)

install-manual: manual
	install -d $(DESTDIR)$(mandir)/man5 $(DESTDIR)$(mandir)/man8
	install -d $(DESTDIR)$(bashdir) $(DESTDIR)$(zshdir) $(DESTDIR)$(fishdir)
	install -m 0644 $(MANUAL)/*.5 $(DESTDIR)$(mandir)/man5/
	install -m 0644 $(MANUAL)/*.8 $(DESTDIR)$(mandir)/man8/
	install -m 0644 $(MANUAL)/guestseal.bash $(DESTDIR)$(bashdir)/guestseal
	ln -sf guestseal $(DESTDIR)$(bashdir)/seal
	install -m 0644 $(MANUAL)/_guestseal $(DESTDIR)$(zshdir)/
	install -m 0644 $(MANUAL)/*.fish $(DESTDIR)$(fishdir)/

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .pytest_cache .ruff_cache
