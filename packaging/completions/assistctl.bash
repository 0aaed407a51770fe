# Completes assistctl's command lines in bash. assistctl itself knows what may come next.
_assistctl() {
    local line=${COMP_LINE:0:COMP_POINT}
    local -a words
    read -ra words <<<"$line"
    [[ $line == *[[:space:]] ]] && words+=("")
    local current=${words[-1]}
    # bash takes what stands behind one of these for a word of its own.
    local kept=${current%"${current##*[:=]}"}
    local candidate
    COMPREPLY=()
    while IFS= read -r candidate; do
        if [[ $candidate == :files ]]; then
            compopt -o filenames 2>/dev/null
            while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "${current#"$kept"}")
        else
            candidate=${candidate%%$'\t'*}
            COMPREPLY+=("${candidate#"$kept"}")
        fi
    done < <("${words[0]}" __complete "${words[@]:1}" 2>/dev/null)
}
complete -F _assistctl assistctl
