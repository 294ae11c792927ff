#!/usr/bin/env python3
# Checks that what Linnet says of itself in data/ and flatpak/ agrees with the program.
# SPDX-License-Identifier: GPL-3.0-or-later
import json
import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

import tap

ROOT = pathlib.Path(sys.argv[1])
VERSION = sys.argv[2]
APPLICATION = 'im.linnet.Linnet'

# A further permission is a decision, to be taken here too.
PERMISSIONS = {
    '--device=dri',
    '--share=ipc',
    '--share=network',
    '--socket=fallback-x11',
    '--socket=wayland',
}

RDF = '{http://www.w3.org/1999/02/22-rdf-syntax-ns#}'
DOAP = '{http://usefulinc.com/ns/doap#}'
XMPP = '{https://linkmauve.fr/ns/xmpp-doap#}'
STATUSES = {'complete', 'partial', 'planned', 'deprecated', 'removed', 'wontfix'}


def manifest():
    return json.loads((ROOT / 'flatpak' / f'{APPLICATION}.json').read_text())


def doap():
    return ElementTree.parse(ROOT / 'data' / 'linnet.doap').getroot()


def doap_xeps():
    """The XEPs of the DOAP file in its order: (number, version, status)."""
    page = re.compile(r'https://xmpp\.org/extensions/xep-(\d{4})\.html')
    return [
        (
            page.fullmatch(xep.find(f'{XMPP}xep').get(f'{RDF}resource'))[1],
            xep.findtext(f'{XMPP}version'),
            xep.findtext(f'{XMPP}status'),
        )
        for xep in doap().iter(f'{XMPP}SupportedXep')
    ]


def sources():
    return sorted(path for path in (ROOT / 'src').rglob('*') if path.suffix in {'.c', '.h', '.ui', '.css'})


def flatpak_permissions():
    asked = set(manifest()['finish-args'])
    return [f'the manifest asks for {extra}' for extra in asked - PERMISSIONS] + [
        f'the manifest does not ask for {missing}' for missing in PERMISSIONS - asked
    ]


def flatpak_sources_are_pinned():
    faults = []
    for module in manifest()['modules']:
        for source in module['sources']:
            pinned = source['type'] == 'dir' or 'sha256' in source or {'tag', 'commit'} <= source.keys()
            if not pinned:
                faults.append(f'{module["name"]} has neither a sha256 nor a tag with its commit')
    return faults


def doap_is_in_order():
    xeps = doap_xeps()
    numbers = [number for number, _, _ in xeps]
    faults = [f'XEP-{number} is "{status}"' for number, _, status in xeps if status not in STATUSES]
    if numbers != sorted(set(numbers)):
        faults.append('the XEPs are not sorted, or one is there twice')
    return faults


def doap_has_the_versions_of_the_sources():
    known = {number: version for number, version, _ in doap_xeps()}
    title = re.compile(r'XEP-(\d{4})[^,\n]*, version ([0-9][0-9.]*[0-9])')
    faults = []
    for path in sources():
        for number, version in title.findall(path.read_text().split('\n', 1)[0]):
            if known.get(number) != version:
                name = path.relative_to(ROOT)
                faults.append(f'{name} does XEP-{number} {version}, the DOAP file says {known.get(number)}')
    return faults


def releases():
    metainfo = ElementTree.parse(ROOT / 'data' / f'{APPLICATION}.metainfo.xml.in').getroot()
    newest = metainfo.find('releases/release').get('version')
    revision = doap().findtext(f'.//{DOAP}Version/{DOAP}revision')
    return [
        f'{what} ends at {found}, the program is {VERSION}'
        for what, found in [('the metainfo', newest), ('the DOAP file', revision)]
        if found != VERSION
    ]


def symbolic_icons_are_fills():
    """GTK recolours what is filled and nothing else."""
    faults = []
    for path in (ROOT / 'data' / 'icons').rglob('*-symbolic.svg'):
        root = ElementTree.parse(path).getroot()
        if root.get('viewBox') != '0 0 16 16':
            faults.append(f'{path.name} is not 16 px')
        for element in root.iter():
            if element.get('stroke') or element.get('fill') == 'none' or element.get('style'):
                faults.append(f'{path.name} has a stroke, a style or an empty fill')
    return faults


def icons_are_drawn():
    drawn = {path.stem for path in (ROOT / 'data' / 'icons' / 'scalable').rglob('*.svg')}
    text = '\n'.join(path.read_text() for path in sources())
    used = set(re.findall(r'\blinnet-[a-z-]+-symbolic\b', text))
    return [f'{name} is not drawn' for name in used - drawn]


tap.run([
    flatpak_permissions,
    flatpak_sources_are_pinned,
    doap_is_in_order,
    doap_has_the_versions_of_the_sources,
    releases,
    symbolic_icons_are_fills,
    icons_are_drawn,
])
