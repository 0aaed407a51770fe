#compdef assistctl
# Completes assistctl's command lines in zsh. assistctl itself knows what may come next.
_assistctl() {
    local -a lines described
    local line word
    local -i files=0
    lines=("${(@f)$(${(Q)words[1]} __complete "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    for line in "${lines[@]}"; do
        [[ -n $line ]] || continue
        if [[ $line == :files ]]; then
            files=1
            continue
        fi
        word=${line%%$'\t'*}
        described+=("${word//:/\\:}:${line#*$'\t'}")
    done
    (( files )) && _files
    (( $#described )) && _describe -V 'assistctl' described
}
# Found by zsh in its fpath, or sourced.
if [[ ${funcstack[1]} == _assistctl ]]; then
    _assistctl "$@"
else
    compdef _assistctl assistctl
fi
