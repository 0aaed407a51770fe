# Completes assistctl's command lines in fish. assistctl itself knows what may come next.
function __assistctl_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete $words[2..-1] "$current" 2>/dev/null)
        if test "$line" = ":files"
            __fish_complete_path "$current"
        else
            printf '%s\n' $line
        end
    end
end
complete -c assistctl -f -a '(__assistctl_complete)'
