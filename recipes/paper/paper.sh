#!/usr/bin/env bash
# The paper's runs, one command each: recipes/paper/paper.sh step|instruct|distillation|lambda|mixes|ablations|evaluate|tables
# VIDEOSTEP=echo prints the commands instead of running them. README.md says what each needs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
VIDEOSTEP=${VIDEOSTEP:-videostep}
SIZE=${SIZE:-7b}                                     # 3b or 7b
WEIGHTS=${WEIGHTS:-Qwen/Qwen2.5-VL-${SIZE^^}-Instruct}
SERVED=${SERVED:-openai:$WEIGHTS@http://localhost:8000/v1}
TEACHER=${TEACHER:-openai:gpt-4o}                    # of the distillation control
HUMAN=${HUMAN:-human_qa.json}                        # of the instruct control: twice the size, answers only
VIDEOS=${VIDEOS:-videos}
DATA=${DATA:-benchmarks}                             # a folder for each benchmark, named as videostep calls it
OUT=${OUT:-runs/paper-$SIZE}
JUDGE=${JUDGE:-openai:gpt-3.5-turbo}
config=$here/train/qwen2.5-vl-$SIZE.toml
[ -e "$config" ] || { echo "error: SIZE is $SIZE; there are settings for 3b and 7b in $here/train" >&2; exit 2; }

parse() { "$VIDEOSTEP" run "$VIDEOS" --model "${3:-$SERVED}" --config "$here/run/$1.toml" --out "$OUT/graphs-$2"; }
train() { "$VIDEOSTEP" train "$OUT/graphs-$1" --model "$WEIGHTS" --config "$config" --out "$OUT/$2" "${@:3}"; }
# Both decodings, all blind controls and the diagnosis, beside the plain answers.
ask() {
    "$VIDEOSTEP" evaluate "$1" --data "$DATA/$1" --videos "$DATA/$1" --model "transformers:$WEIGHTS${2:++$OUT/$2}" --as-trained --shown-as "$config" \
        --label "${3:-$SIZE}" --out "$OUT/evaluation/$1-${2:-untrained}" "${@:4}"
}
# As the paper does: openly, by a judge. STAR's options are kept back.
both() { for name in agqa2 star; do ask "$name" "$1" "$2" --options none --judge "$JUDGE" "${@:3}"; done; }

case "${1:-}" in
    step)
        parse step step
        train step step --steps 25,50,25
        ;;
    instruct) train step instruct --instruct "$HUMAN" --instead --answers-only ;;
    distillation)
        parse step teacher "$TEACHER"
        train step distillation --distill "$OUT/graphs-teacher" --instead
        ;;
    lambda)
        for weight in 0 0.25 0.5 0.75 1 1.25 1.5; do
            train step "lambda-$weight" --steps 25,50,25 --lambda "$weight"
            both "lambda-$weight" "lambda $weight" --tag "lambda=$weight"
        done
        ;;
    mixes)
        for mix in 100,0,0 50,50,0 25,50,25 25,25,50 0,0,100; do
            train step "mix-$mix" --steps "$mix"
            both "mix-$mix" "mix $mix" --tag "mix=${mix//,//}"
        done
        ;;
    ablations)
        for without in splitting parsing merging bridging; do
            parse "without-$without" "without-$without"
            train "without-$without" "without-$without" --steps 25,50,25
            both "without-$without" "without $without" --tag "ablation=without $without"
        done
        ;;
    evaluate)
        for trained in "" instruct distillation step; do
            for name in msvd-qa msrvtt-qa activitynet-qa agqa2 star; do
                ask "$name" "$trained" "${trained:-untrained}" --options none --judge "$JUDGE" \
                    --mode answer --mode rationale-then-answer \
                    --blind question --blind one-frame --blind shuffled --blind caption
            done
            for name in tempcompass mvbench moviechat-1k mlvu; do
                ask "$name" "$trained" "${trained:-untrained}"
            done
        done
        ;;
    tables) "$VIDEOSTEP" tables "$OUT"/evaluation/* --out "$OUT/tables" ;;
    *)
        sed -n '2,3s/^# //p' "$0" >&2
        exit 2
        ;;
esac
