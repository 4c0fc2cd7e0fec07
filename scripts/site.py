# SPDX-License-Identifier: Apache-2.0
"""Bring the pages of the repository into the site that mkdocs builds; mkdocs.yml names this file.

Pages that are not below docs/ (the READMEs of the roles, the changelog) become pages of the site. Links are those that work in the
repository: here they are turned to the page of the site, or to the repository where the site has none.
"""

import os
import posixpath
import re

from mkdocs.structure.files import File

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
LINK = re.compile(r'(\]\()([^()\s:#]+)(#[^()\s]*)?(\))')
FENCE = re.compile(r'^```.*?^```$', re.MULTILINE | re.DOTALL)
FOLDERS = {'MODULES': 'docs/modules', 'CHECKS': 'docs/checks', 'DECISIONS': 'docs/decisions'}


def names(folder):
    """Return the pages in a folder of the repository, its README first."""
    found = [name for name in os.listdir(os.path.join(ROOT, folder)) if name.endswith('.md')]
    return sorted(found, key=lambda name: (name != 'README.md', name))


def titled(folder, site):
    """Return the entries of the navigation for the pages in a folder, each with the heading of its page."""
    entries = []
    for name in names(folder):
        with open(os.path.join(ROOT, folder, name), encoding='utf-8') as page:
            heading = re.search(r'^# (.+)$', page.read(), re.MULTILINE).group(1)
        entries.append(site + name if name == 'README.md' else {heading: site + name})
    return entries


def outside():
    """Return the pages that are not below docs/: where each is in the site, by where it is in the repository."""
    roles = sorted(os.listdir(os.path.join(ROOT, 'roles')))
    pages = {'roles/%s/README.md' % role: 'roles/%s.md' % role for role in roles}
    pages['CHANGELOG.md'] = 'changelog.md'
    return pages


def place(path):
    """Return where a file of the repository is in the site, or None."""
    if path.startswith('docs/') and not path.startswith('docs/schemas/'):
        return path[len('docs/'):]
    return outside().get(path)


def rebase(text, source, page, repository):
    """Return the text of a page with links that work in the site; source is its path in the repository."""
    def target(match):
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), match.group(2)))
        at = place(path)
        if at and os.path.isfile(os.path.join(ROOT, path)):
            link = posixpath.relpath(at, posixpath.dirname(page) or '.')
        elif os.path.isfile(os.path.join(ROOT, path, 'README.md')) and place(path + '/README.md'):
            link = posixpath.relpath(place(path + '/README.md'), posixpath.dirname(page) or '.')
        elif os.path.exists(os.path.join(ROOT, path)):
            link = '%s/blob/main/%s' % (repository, path)
        else:
            link = match.group(2)  # mkdocs says that it is broken
        return match.group(1) + link + (match.group(3) or '') + match.group(4)

    done, at = [], 0
    for fence in FENCE.finditer(text):
        done += [LINK.sub(target, text[at:fence.start()]), fence.group(0)]
        at = fence.end()
    return ''.join(done) + LINK.sub(target, text[at:])


def on_config(config):
    """Fill in the parts of the navigation that follow from folders."""
    def fill(items):
        for item in items:
            if isinstance(item, dict):
                for title, value in item.items():
                    if value == 'ROLES':
                        item[title] = [{role: 'roles/%s.md' % role} for role in sorted(os.listdir(os.path.join(ROOT, 'roles')))]
                    elif isinstance(value, list):
                        fill(value)
                    elif value in FOLDERS:
                        folder = FOLDERS[value]
                        item[title] = titled(folder, folder[len('docs/'):] + '/')
    fill(config['nav'])
    return config


def on_files(files, config):
    """Add the pages that are not below docs/."""
    for source, page in outside().items():
        files.append(File.generated(config, page, abs_src_path=os.path.join(ROOT, source)))
    return files


def on_page_markdown(markdown, page, config, files):
    """Turn the links of a page."""
    sources = {at: source for source, at in outside().items()}
    at = page.file.src_uri
    return rebase(markdown, sources.get(at, 'docs/' + at), at, config['extra']['repository'])
