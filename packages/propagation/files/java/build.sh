set -eu
# Makes $1/agent.jar of what lies here, asm-sources.jar too. The agent lies on the boot class path, where patched classes of
# the JDK find it, so ASM gets another name: an app may have its own.
work=$(mktemp -d)
own=$work/sources/berth/propagation
mkdir -p "$own/asm" "$1"
cp berth/propagation/*.java "$own/"
unpacked=$(mktemp -d)
here=$PWD
(cd "$unpacked" && jar --extract --file "$here/asm-sources.jar")
for file in "$unpacked"/org/objectweb/asm/*.java; do
  sed 's/org\.objectweb\.asm/berth.propagation.asm/g' "$file" > "$own/asm/${file##*/}"
done
find "$work/sources" -name '*.java' | sort > "$work/files"
javac -nowarn -Xlint:none -g:none -encoding UTF-8 -source 17 -target 17 -d "$work/classes" \
  --add-exports java.base/sun.net.www=ALL-UNNAMED "@$work/files"
printf '%s\n' 'Premain-Class: berth.propagation.Agent' 'Can-Retransform-Classes: true' 'Boot-Class-Path: agent.jar' > "$work/manifest"
jar --create --date=2025-01-01T00:00:00Z --file "$1/agent.jar" --manifest "$work/manifest" -C "$work/classes" berth
